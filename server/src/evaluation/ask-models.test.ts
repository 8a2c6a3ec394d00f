import { describe, expect, it } from 'vitest';
import { exampleAbduction, exampleDeduction } from '../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { Endpoint, ModelInfo, Sample, SampleRequest } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { askModels, chosenItems, type ModelAsked } from './ask-models.ts';
import type { EvaluationItem } from './item.ts';

const { signal } = new AbortController();
const sandbox = scriptedSandbox(() => ({ outcome: 'ok', value: { type: 'int', value: 42n } }));
const info = (name: string, digest = 'd'): ModelInfo => ({ name, digest, family: 'f', contextLength: 4096 });

interface Says {
  readonly digest?: () => string;
  readonly answer?: (request: SampleRequest) => Partial<Sample>;
}

/** A model that says `42` to every prompt, or what it is told to. */
function saying({ digest = () => 'd', answer = () => ({}) }: Says = {}): Endpoint {
  const sample: Sample = {
    text: '42\n',
    tokens: [],
    finish: 'delimiter',
    promptCut: false,
    promptTokens: 10,
    completionTokens: 2,
    promptMs: 1,
    completionMs: 1,
    wallMs: 2,
  };
  return {
    host: 'http://127.0.0.1:1',
    probe: () => Promise.resolve({ state: 'ready', version: '1', host: '' }),
    model: (name) => Promise.resolve(info(name, digest())),
    models: () => Promise.resolve([]),
    render: () => Promise.resolve(''),
    sample: async (request) => ({ ...sample, ...answer(request) }),
  };
}

function items(count: number): EvaluationItem[] {
  return Array.from({ length: count }, (_, index) => ({
    task: exampleDeduction({ id: `${index}`, backend: sandbox.backend }),
    relation: 'sameValue',
    repository: 'r',
    from: 'store',
  }));
}

/** What was yielded until the end, or until what was thrown. */
async function asked(
  endpoint: Endpoint,
  some: readonly EvaluationItem[],
  models = [info('m')],
  judging = sandbox,
) {
  const yielded: ModelAsked[] = [];
  let failure: unknown;
  try {
    const parts = { endpoint, sandbox: judging };
    for await (const one of askModels(some, models, { k: 2, randomSeed: 1 }, parts, signal))
      yielded.push(one);
  } catch (error) {
    failure = error;
  }
  return { yielded, failure };
}

describe('models', () => {
  it('take turns, so that whenever it ends they stand at nearly the same task', async () => {
    const { yielded } = await asked(saying(), items(20), [info('m'), info('n')]);
    const order = yielded.map((one) =>
      one.type === 'result' ? `${one.result.model.name}${one.result.taskId}` : '',
    );
    const range = (name: string, from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `${name}${from + index}`);
    expect(order).toEqual([
      ...range('m', 0, 16),
      ...range('n', 0, 16),
      ...range('m', 16, 20),
      ...range('n', 16, 20),
    ]);
  });

  it('get random seeds that depend on the task alone, all of them different', async () => {
    const seeds = async (some: readonly EvaluationItem[]) => {
      const { yielded } = await asked(saying(), some);
      return yielded.map(
        (one) => one.type === 'result' && one.result.samples.map(({ randomSeed }) => randomSeed),
      );
    };
    const all = await seeds(items(5));
    expect(new Set(all.flat()).size).toBe(10);
    expect(await seeds(items(5).slice(3))).toEqual(all.slice(3));
  });

  it('that are replaced under their name end it, without an answer of the other', async () => {
    let samples = 0;
    const answer = () => {
      samples += 1;
      return {};
    };
    const endpoint = saying({ answer, digest: () => (samples > 4 ? 'e' : 'd') });
    const { yielded, failure } = await asked(endpoint, items(3));
    expect(failure).toMatchObject({ reason: 'model-changed' });
    expect(yielded).toHaveLength(1);
  });

  it('that are away for a moment are asked again', async () => {
    let failures = 1;
    const answer = () => {
      if (failures-- > 0) throw new ModelError('refused', 'gone');
      return {};
    };
    const { yielded, failure } = await asked(saying({ answer }), items(2));
    expect(failure).toBeUndefined();
    expect(yielded).toHaveLength(2);
  });

  it('that cannot answer one task at all end it, and what was asked before is kept', async () => {
    let samples = 0;
    const answer = () => {
      if (++samples > 3) throw new ModelError('timed-out', 'slow');
      return {};
    };
    const { yielded, failure } = await asked(saying({ answer }), items(2));
    expect(failure).toMatchObject({ reason: 'timed-out' });
    expect(yielded).toHaveLength(1);
  });
});

describe('a task is in no figure', () => {
  const reasons = (yielded: readonly ModelAsked[]) =>
    yielded.map((one) => (one.type === 'left-out' ? one.leftOut.reason : 'asked'));

  it('where its question is longer than the context', async () => {
    let samples = 0;
    const answer = () => {
      if (++samples === 1) throw new ModelError('prompt-too-long', 'long');
      return {};
    };
    const { yielded } = await asked(saying({ answer }), items(2));
    expect(reasons(yielded)).toEqual(['prompt-too-long', 'asked']);
    expect(yielded[0]).toMatchObject({ leftOut: { model: 'm', taskId: '0' } });
  });

  it('where the server cut its question', async () => {
    const answer = ({ sampling }: SampleRequest) => ({ promptCut: sampling.temperature === 1 });
    expect(reasons((await asked(saying({ answer }), items(1))).yielded)).toEqual(['prompt-cut']);
  });

  it('where the server stopped in the middle of an answer', async () => {
    const answer = ({ sampling }: SampleRequest): Partial<Sample> =>
      sampling.temperature === 0 ? { text: '4', finish: 'stall' } : {};
    expect(reasons((await asked(saying({ answer }), items(1))).yielded)).toEqual(['stalled']);
  });

  it('where an answer could not be judged', async () => {
    const broken = scriptedSandbox(() => {
      throw new SandboxError('broken', 'gone');
    });
    const task = exampleAbduction({ backend: sandbox.backend });
    const item: EvaluationItem = { task, relation: 'sameValue', repository: 'r', from: 'store' };
    const { yielded } = await asked(
      saying({ answer: () => ({ text: '21)\n' }) }),
      [item],
      [info('m')],
      broken,
    );
    expect(reasons(yielded)).toEqual(['unjudged']);
  });
});

it('a part of a set is drawn by the random seed', () => {
  const ids = (count: number, randomSeed: number) =>
    chosenItems(items(30), count, randomSeed).map(({ task }) => task.id);
  expect(ids(5, 1)).toEqual(ids(5, 1));
  expect(ids(5, 1)).not.toEqual(ids(5, 2));
  // What is asked first is the same, however many are asked.
  expect(ids(30, 1).slice(0, 5)).toEqual(ids(5, 1));
  expect(new Set(ids(30, 1)).size).toBe(30);
});
