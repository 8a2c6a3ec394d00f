import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../../protocol/calibration.ts';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../../test/support/scripted-endpoint.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { trivialContext } from '../../judge/trivial-context.ts';
import { HeldOut } from '../../mining/splits/held-out.ts';
import type { Endpoint, SampleRequest } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import { Archive } from '../../selfplay/archive.ts';
import { calibratedStyles } from '../../selfplay/calibrated-styles.ts';
import { choices } from '../../selfplay/choices.ts';
import { namedPreset } from '../../selfplay/presets/named-preset.ts';
import { defaultStyle, styleName } from '../../tasks/styles/style.ts';
import { calibrate } from './calibrate.ts';
import { cellItems } from './items.ts';

const never = new AbortController().signal;

/** Every program doubles its argument. */
const sandbox = scriptedSandbox(({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: argument.value * 2n } }
    : { outcome: 'exception', type: 'TypeError' },
);
const tasks = [1_001, 1_002, 1_003, 1_004].map((number) =>
  exampleDeduction({
    id: `d${number}`,
    call: `(${number},)`,
    output: `${2 * number}`,
    backend: sandbox.backend,
  }),
);

/** Notes and events, as a store keeps them. */
function memory() {
  const notes = new Map<string, string>();
  const events: { readonly what: string; readonly detail: unknown }[] = [];
  return {
    notes,
    events,
    note: (name: string) => Promise.resolve(notes.get(name)),
    setNote: (name: string, value: string) => {
      notes.set(name, value);
      return Promise.resolve();
    },
    audit: (event: (typeof events)[number]) => {
      events.push(event);
      return Promise.resolve();
    },
  };
}

const chatted = (_model: string, message: string) => Promise.resolve(`<user>${message}<model>`);

/** What a model says that solves deductions in this frame alone, and calls that it proposes are known ones. */
function rightIn(isFrame: (prompt: string) => boolean) {
  return ({ prompt, format }: SampleRequest) => {
    const number = /double\((\d+)\)[^(]*$/.exec(prompt)?.[1];
    const isRight = format === undefined && number !== undefined && isFrame(prompt);
    const answer = isRight ? `${2 * Number(number)}` : 'no idea';
    const nonce = /<answer-([0-9a-f]{8})>/.exec(prompt)?.[1];
    const opened = prompt.endsWith(`<answer-${nonce}>`) ? '' : `<answer-${nonce}>`;
    return nonce === undefined ? `${answer}\n` : `${opened}${answer}</answer-${nonce}>`;
  };
}
const chatOnly = rightIn((prompt) => prompt.startsWith('<user>'));

interface Setting {
  readonly store?: ReturnType<typeof memory>;
  readonly endpoint?: Endpoint;
  readonly clock?: () => number;
  readonly samples?: number;
  readonly signal?: AbortSignal;
}

async function calibrated(setting: Setting = {}) {
  const { store = memory(), samples = 8, signal = never, clock } = setting;
  const endpoint = setting.endpoint ?? { ...scriptedEndpoint(chatOnly), render: chatted };
  const archive = new Archive(tasks);
  const parts = { archive, tasks, sandbox, choices: choices(1), preset: namedPreset('autodidact') };
  const items = await cellItems(
    samples,
    {
      ...parts,
      heldOut: await HeldOut.of([], never),
      trivial: trivialContext(tasks),
      isKnown: () => Promise.resolve(false),
      now: () => '2026-01-01T00:00:00.000Z',
    },
    never,
  );
  const model = await endpoint.model('m', never);
  if (model === undefined) throw new TypeError('The endpoint has a model.');
  const { found, stopped } = await calibrate(
    model,
    items,
    { samples, minutes: 10, randomSeed: 1 },
    { endpoint, store, backend: sandbox.backend, onAsked: () => undefined, ...(clock ? { clock } : {}) },
    signal,
  );
  return { found, stopped, store, model };
}

const cell = (found: Calibration, name: string) =>
  found.cells.find(({ kind, role }) => `${kind}/${role}` === name);
const chosenIn = (found: Calibration, name: string) => cell(found, name)?.chosen;
const asked = (found: Calibration) =>
  found.cells.flatMap(({ styles }) => styles).reduce((sum, each) => sum + each.asked + each.skipped, 0);

describe('calibrating', () => {
  it('chooses the style in which the model is right, for the cell where it is, and keeps it for the model', async () => {
    const { found, store, model } = await calibrated();
    expect(found.ended).toBe('done');
    expect(chosenIn(found, 'deduction/solve')).toEqual({ frame: 'chat', reasons: false, examples: 0 });
    expect(cell(found, 'abduction/solve')).toMatchObject({ chosen: null, why: 'no-tasks', items: 0 });
    const styles = await calibratedStyles(store, model.digest);
    expect(styleName(styles?.({ kind: 'deduction', role: 'solve' }) ?? defaultStyle)).toBe('chat-0');
    expect(styles?.({ kind: 'abduction', role: 'solve' })).toEqual(defaultStyle);
    expect(await calibratedStyles(store, 'another')).toBeUndefined();
    expect(store.events).toMatchObject([
      { what: 'calibrated', detail: { styles: { 'deduction/solve': 'chat-0' } } },
    ]);
  });

  it('puts the same questions in all styles, more of them in those that do well, and compares with the default to the end', async () => {
    const { found } = await calibrated();
    const styles = cell(found, 'deduction/solve')?.styles ?? [];
    expect(styles).toHaveLength(18);
    const count = (name: string) => styles.find((each) => each.name === name)?.asked;
    expect(count('completion-reasons-3')).toBe(1);
    expect(count('chat-0')).toBe(8);
    expect(count('session-3')).toBe(8);
    expect(styles.find(({ name }) => name === 'chat-0')).toMatchObject({
      right: 8,
      parsed: 8,
      droppedAfter: null,
    });
    expect(styles.filter(({ name }) => name.startsWith('schema')).every(({ trainable }) => !trainable)).toBe(
      true,
    );
  });

  it('keeps the default where nothing is right', async () => {
    const { found } = await calibrated({
      endpoint: { ...scriptedEndpoint(() => 'Well, '), render: chatted },
    });
    expect(cell(found, 'deduction/solve')).toMatchObject({ chosen: null, why: 'nothing-right' });
  });

  it.each([
    ['prose', 'The function doubles its argument, so the answer is 2002.'],
    ['endless repetition', '>>> '.repeat(5_000)],
    ['delimiters of its own', '<answer>2002</answer>'],
    ['nothing', ''],
  ])('is not misled by a model that says %s', async (_name, text) => {
    const { found } = await calibrated({ endpoint: { ...scriptedEndpoint(() => text), render: chatted } });
    const free =
      cell(found, 'deduction/solve')?.styles.filter(({ style }) => style.frame !== 'session') ?? [];
    expect(free.length).toBeGreaterThan(0);
    expect(free.every(({ parsed, right }) => parsed === 0 && right === 0)).toBe(true);
  });

  it('asks a model without a chat template in no chat, and says so', async () => {
    for (const render of [
      (_model: string, message: string) => Promise.resolve(message),
      () => Promise.reject(new ModelError('http-error', 'no template')),
    ]) {
      const endpoint = scriptedEndpoint(rightIn((prompt) => !prompt.includes('<answer')));
      const { found } = await calibrated({ endpoint: { ...endpoint, render } });
      expect(found.hasTemplate).toBe(false);
      expect(cell(found, 'deduction/solve')?.styles.map(({ name }) => name)).toHaveLength(9);
      expect(chosenIn(found, 'deduction/solve')?.frame).toBe('session');
    }
  });

  it('skips a question in the styles that it is too long in', async () => {
    const endpoint = { ...scriptedEndpoint(chatOnly), render: chatted };
    const sample: Endpoint['sample'] = (request, signal) => {
      if (request.prompt.includes('def repeat'))
        return Promise.reject(new ModelError('prompt-too-long', 'too long'));
      return endpoint.sample(request, signal);
    };
    const { found } = await calibrated({ endpoint: { ...endpoint, sample } });
    const styles = cell(found, 'deduction/solve')?.styles ?? [];
    for (const { style, skipped, asked } of styles) {
      expect(skipped > 0).toBe(style.examples === 3);
      expect(asked > 0).toBe(style.examples !== 3);
    }
    expect(chosenIn(found, 'deduction/solve')).toMatchObject({ frame: 'chat', examples: 0 });
  });

  it('counts a prompt that the server cut as one that is too long', async () => {
    const endpoint = { ...scriptedEndpoint(chatOnly), render: chatted };
    const sample: Endpoint['sample'] = async (request, signal) => ({
      ...(await endpoint.sample(request, signal)),
      promptCut: true,
    });
    const { found } = await calibrated({ endpoint: { ...endpoint, sample } });
    const styles = cell(found, 'deduction/solve')?.styles ?? [];
    expect(styles.every(({ asked, skipped }) => asked === 0 && skipped > 0)).toBe(true);
  });

  it('ends when its time is over, with what was measured in all styles alike, and goes on from there', async () => {
    let now = 0;
    const clock = () => {
      now += 12_000;
      return now;
    };
    const store = memory();
    const { found } = await calibrated({ store, clock });
    expect(found.ended).toBe('minutes');
    const counts = found.cells
      .filter(({ items }) => items > 0)
      .flatMap(({ styles }) => styles)
      .filter(({ droppedAfter }) => droppedAfter === null)
      .map((each) => each.asked);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const whole = (await calibrated()).found;
    const resumed = (await calibrated({ store })).found;
    expect(resumed.ended).toBe('done');
    expect(resumed.cells).toEqual(whole.cells);
  });

  it('keeps what was measured when the endpoint goes away, and puts no question twice afterwards', async () => {
    const store = memory();
    const whole = (await calibrated()).found;
    const endpoint = { ...scriptedEndpoint(chatOnly), render: chatted };
    let left = 30;
    const stopping = new AbortController();
    const sample: Endpoint['sample'] = (request, signal) => {
      if (left === 0) {
        // As a person does who sees that it waits.
        stopping.abort();
        return Promise.reject(new ModelError('unreachable', 'gone'));
      }
      left -= 1;
      return endpoint.sample(request, signal);
    };
    const broken = await calibrated({ store, endpoint: { ...endpoint, sample }, signal: stopping.signal });
    expect(broken.stopped).toBeDefined();
    expect(broken.found.ended).toBe('stopped');
    expect(asked(broken.found)).toBe(30);
    expect(await calibratedStyles(store, broken.model.digest)).toBeUndefined();

    const again = scriptedEndpoint(chatOnly);
    const resumed = await calibrated({ store, endpoint: { ...again, render: chatted } });
    expect(resumed.found.cells).toEqual(whole.cells);
    expect(again.asked).toHaveLength(asked(whole) - 30);
  });

  it('begins anew where the questions are others', async () => {
    const store = memory();
    const again = scriptedEndpoint(chatOnly);
    let now = 0;
    const clock = () => {
      now += 60_000;
      return now;
    };
    await calibrated({ store, clock });
    const { found } = await calibrated({ store, samples: 4, endpoint: { ...again, render: chatted } });
    expect(again.asked).toHaveLength(asked(found));
  });

  it('leaves a cell that its time did not reach as it was chosen before', async () => {
    const { store, model } = await calibrated();
    let now = 0;
    const clock = () => {
      now += 1_000_000;
      return now;
    };
    const { found } = await calibrated({ store, clock, samples: 4 });
    expect(cell(found, 'deduction/solve')).toMatchObject({ chosen: null, why: 'not-asked' });
    const styles = await calibratedStyles(store, model.digest);
    expect(styles?.({ kind: 'deduction', role: 'solve' }).frame).toBe('chat');
  });

  it('ends where another model takes the name', async () => {
    const endpoint = { ...scriptedEndpoint(chatOnly), render: chatted };
    const info = await endpoint.model('m', never);
    if (info === undefined) throw new TypeError('The endpoint has a model.');
    let looked = 0;
    const model = () => {
      looked += 1;
      return Promise.resolve(looked < 3 ? info : { ...info, digest: 'e'.repeat(64) });
    };
    const { stopped, store } = await calibrated({ endpoint: { ...endpoint, model } });
    expect(stopped?.error).toMatchObject({ reason: 'model-changed' });
    expect(await calibratedStyles(store, info.digest)).toBeUndefined();
  });
});

describe('the styles of a model', () => {
  it('are the default where the note is broken, of older prompts, or names what cannot be trained on', async () => {
    const { found, store, model } = await calibrated();
    const deduction = { kind: 'deduction', role: 'solve' } as const;
    const name = [...store.notes.keys()].find((each) => each.startsWith(`calibration ${model.digest}`)) ?? '';
    const withCell = (change: object) => {
      store.notes.set(
        name,
        JSON.stringify({ ...found, cells: found.cells.map((each) => ({ ...each, ...change })) }),
      );
      return calibratedStyles(store, model.digest);
    };
    expect((await withCell({}))?.(deduction).frame).toBe('chat');
    expect((await withCell({ promptVersion: 'deduction-0' }))?.(deduction)).toEqual(defaultStyle);
    expect(
      (await withCell({ chosen: { frame: 'schema', reasons: false, examples: 1 } }))?.(deduction),
    ).toEqual(defaultStyle);
    for (const broken of ['', '{', '[]', '{"schema":2}']) {
      store.notes.set(name, broken);
      expect(await calibratedStyles(store, model.digest)).toBeUndefined();
    }
  });
});
