import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../protocol/audit.ts';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { ModelError } from '../../model/model-error.ts';
import { defaultStyles } from '../../tasks/styles/style.ts';
import { solvesPerEvaluation } from '../monitors/watch.ts';
import { gateSample } from './gate-sample.ts';
import type { HeldOutAnswer } from './held-out-answers.ts';
import { HeldOutEvaluations, heldOutShare } from './held-out-evaluations.ts';

const { signal } = new AbortController();
const sandbox = scriptedSandbox(({ entry }) =>
  entry === 'drifting' ? { outcome: 'drifts' } : { outcome: 'ok', value: { type: 'int', value: 42n } },
);
/** What the model spends on one request to a scripted endpoint, milliseconds. */
const requestMs = 3;

const gate = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    exampleDeduction({ id: `${index}`, call: `(${index},)`, split: 'gate', backend: sandbox.backend }),
  );

let answers: HeldOutAnswer[] = [];
beforeEach(() => {
  answers = [];
});

const parts = (endpoint = scriptedEndpoint(() => '42\n')) => ({
  endpoint,
  sandbox,
  styles: defaultStyles,
  run: { id: 'run', model: { name: 'm:latest', digest: 'd'.repeat(64) }, randomSeed: 1 },
  store: {
    audit: (event: AuditEvent) => {
      if (event.what === 'held-out') answers.push(event.detail);
      return Promise.resolve();
    },
  },
});

const begin = (count: number, earlier: readonly HeldOutAnswer[] = []) =>
  new HeldOutEvaluations(gateSample(gate(count), 1), earlier);

/** Asks until nothing is due at this progress; tells how each whole sample did. */
async function askAll(
  evaluations: HeldOutEvaluations,
  progress: { readonly solved: number; readonly modelMs: number },
  its = parts(),
) {
  const whole: { readonly right: number; readonly judged: number }[] = [];
  while (evaluations.isDue(progress))
    whole.push(...[await evaluations.ask(progress, its, signal)].flat().filter((one) => one !== undefined));
  return whole;
}
const plenty = 1e9;

describe('held-out tasks in a run', () => {
  it('are asked greedily, judged, and kept as whole answers in the audit log', async () => {
    const endpoint = scriptedEndpoint(({ prompt }) => (prompt.endsWith('double(0)\n') ? '42\n' : '7\n'));
    const [asked] = await askAll(begin(8), { solved: 0, modelMs: plenty }, parts(endpoint));
    expect(asked).toMatchObject({ right: 1, judged: 8, isWhole: true });
    expect(endpoint.asked.map(({ sampling }) => sampling.temperature)).toEqual(Array(8).fill(0));
    expect(answers).toHaveLength(8);
    expect(answers.find(({ task }) => task === '0')).toMatchObject({
      runId: 'run',
      evaluation: 0,
      of: 8,
      kind: 'deduction',
      verdict: { verdict: 'right' },
      modelMs: requestMs,
      answer: '42',
      promptVersion: expect.any(String),
      prompt: expect.stringContaining('def double'),
      model: { name: 'm:latest' },
      backend: sandbox.backend,
    });
  });

  it('take no more of the model’s time than their share, but for one task', async () => {
    const evaluations = begin(8);
    for (let groups = 0; groups < 500; groups += 1) {
      const modelMs = 20 * groups;
      await askAll(evaluations, { solved: groups, modelMs });
      const spent = answers.length * requestMs;
      expect(spent - requestMs).toBeLessThanOrEqual(heldOutShare * (modelMs + spent));
    }
    expect(answers.length).toBeGreaterThan(100);
  });

  it('are asked again after so many groups at the earliest', async () => {
    const evaluations = begin(8);
    const solved = (groups: number) => askAll(evaluations, { solved: groups, modelMs: plenty });
    expect(await solved(3)).toHaveLength(1);
    expect(await solved(3 + solvesPerEvaluation - 1)).toEqual([]);
    expect(await solved(3 + solvesPerEvaluation)).toHaveLength(1);
    expect(answers.map(({ evaluation }) => evaluation)).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
  });

  it('are asked one at a time', async () => {
    const evaluations = begin(8);
    const asking = evaluations.ask({ solved: 0, modelMs: plenty }, parts(), signal);
    expect(evaluations.isDue({ solved: 0, modelMs: plenty })).toBe(false);
    await asking;
    expect(evaluations.isDue({ solved: 0, modelMs: plenty })).toBe(true);
  });

  it('go on where an outage or a stop cut them off, none asked twice', async () => {
    const evaluations = begin(8);
    let count = 0;
    const failing = parts(
      scriptedEndpoint(() => {
        count += 1;
        if (count === 4) throw new ModelError('refused', 'gone');
        return '42\n';
      }),
    );
    await expect(askAll(evaluations, { solved: 0, modelMs: plenty }, failing)).rejects.toThrow('gone');
    expect(answers).toHaveLength(3);
    // In this process and in the next one.
    const resumed = begin(8, [...answers]);
    for (const each of [evaluations, resumed]) {
      const kept = answers.slice(0, 3);
      answers = [...kept];
      expect(await askAll(each, { solved: 0, modelMs: plenty })).toMatchObject([{ right: 8, judged: 8 }]);
      expect(new Set(answers.map(({ task }) => task)).size).toBe(8);
      expect(answers).toHaveLength(8);
    }
  });

  it('begin no new time because a run was resumed', async () => {
    await askAll(begin(8), { solved: 4, modelMs: plenty });
    const resumed = begin(8, answers);
    expect(resumed.isDue({ solved: 4 + solvesPerEvaluation - 1, modelMs: plenty })).toBe(false);
    expect(resumed.isDue({ solved: 4 + solvesPerEvaluation, modelMs: plenty })).toBe(true);
    expect(resumed.isDue({ solved: 4 + solvesPerEvaluation, modelMs: 8 * requestMs })).toBe(false);
  });

  it('fall out of the sample where they do not hold here or a server fails on them again and again', async () => {
    const drifting = exampleDeduction({
      id: 'x',
      entry: 'drifting',
      split: 'gate',
      backend: sandbox.backend,
    });
    const evaluations = new HeldOutEvaluations(gateSample([...gate(8), drifting], 1), []);
    const failing = parts(
      scriptedEndpoint(({ prompt }) => {
        if (prompt.endsWith('double(0)\n')) throw new ModelError('http-error', 'it crashes on this');
        return '42\n';
      }),
    );
    const progress = { solved: 0, modelMs: plenty };
    let failures = 0;
    for (let turn = 0; turn < 30 && evaluations.isDue(progress); turn += 1)
      await evaluations.ask(progress, failing, signal).catch(() => (failures += 1));
    expect(failures).toBe(3);
    expect(answers.map(({ task }) => task).toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });
});
