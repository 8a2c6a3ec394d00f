import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gain, isRight, type Verdict } from '../../../protocol/judge.ts';
import type { Pair } from '../../../protocol/task.ts';
import { exampleExplain } from '../../../test/support/example-tasks.ts';
import { scriptedEndpoint } from '../../../test/support/scripted-endpoint.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { rebuildsWith, rebuildsWithout } from '../tasks/explain/rules.ts';
import { choices } from './choices.ts';
import { explainReward, judgeMessages, type Message } from './explanations.ts';

const { signal } = new AbortController();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 120_000);
afterAll(() => sandbox.close());

const twice = (x: number): Pair => [`(${x},)`, `${2 * x}`];
const task = exampleExplain({
  program: 'def double(x):\n    return x * 2\n',
  shown: [1, 4, 6].map(twice),
  hidden: [7, 120, 340, 9, 55].map(twice),
});
const helps = 'Gives two times the number.';
const misleads = 'Gives the number and one more.';

/** A solver that understands one message only, and guesses right without any as often as told. */
function solver(luck = 0) {
  let guesses = 0;
  return scriptedEndpoint(({ prompt }) => {
    const question = prompt.slice(prompt.lastIndexOf('...\n'));
    if (question.includes(helps)) return 'x):\n...     return x + x\n...\n';
    if (question.includes(misleads)) return 'x):\n...     return x + 1\n...\n';
    guesses += 1;
    // Right on what is shown and wrong on what is hidden is no rebuilding.
    return guesses <= luck
      ? 'x):\n...     return 2 * x\n...\n'
      : 'x):\n...     return {1: 2, 4: 8, 6: 12}.get(x, 0)\n...\n';
  });
}

function partsOf(endpoint = solver()) {
  const notes = new Map<string, string>();
  const audited: unknown[] = [];
  const store = {
    note: (name: string) => Promise.resolve(notes.get(name)),
    setNote: (name: string, value: string) => Promise.resolve(void notes.set(name, value)),
    audit: (event: unknown) => Promise.resolve(void audited.push(event)),
  };
  const model = { name: 'm', digest: 'd'.repeat(64) };
  return { endpoint, sandbox, choices: choices(1), store, model, audited };
}

const saying = (...answers: readonly (string | null)[]): Message[] =>
  answers.map((answer) => ({ answer, finish: answer === null ? 'length' : 'delimiter' }));

describe('what a message is worth', () => {
  it('is how much oftener the program is rebuilt with it than without it', async () => {
    const parts = partsOf(solver(2));
    const [good, bad] = await judgeMessages(task, saying(helps, misleads), parts, signal);
    const without = { right: 2, of: rebuildsWithout };
    expect(good?.verdict).toEqual({
      verdict: 'gained',
      with: { right: rebuildsWith, of: rebuildsWith },
      without,
    });
    expect(bad?.verdict).toEqual({ verdict: 'gained', with: { right: 0, of: rebuildsWith }, without });
    expect(good?.reward.total).toBe(0.75);
    expect(bad?.reward.total).toBe(-0.25);
    expect([good, bad].map((each) => each && isRight(each.verdict))).toEqual([true, false]);
  }, 60_000);

  it('is found with both questions the same but for the message, and neither shows the program or a hidden pair', async () => {
    const parts = partsOf();
    await judgeMessages(task, saying(helps), parts, signal);
    const prompts = [...new Set(parts.endpoint.asked.map(({ prompt }) => prompt))];
    expect(prompts).toHaveLength(2);
    const [alone = '', helped = ''] = prompts;
    // All lines that the one has more than the other are messages: the examples' and its own.
    const lines = new Set(alone.split('\n'));
    const more = helped.split('\n').filter((line) => !lines.has(line));
    expect(more).toHaveLength(4);
    expect(more.at(-1)).toBe(`>>> # ${helps}`);
    for (const prompt of prompts) {
      expect(prompt).not.toContain('x * 2');
      for (const [, output] of task.hidden) expect(prompt).not.toContain(` gives ${output}\n`);
    }
  }, 60_000);

  it('is asked of the model one request at a time, without a message once per task and model, and once for equal messages', async () => {
    const parts = partsOf();
    await judgeMessages(task, saying(helps, helps, misleads), parts, signal);
    expect(parts.endpoint.asked).toHaveLength(rebuildsWithout + 2 * rebuildsWith);
    await judgeMessages(task, saying(misleads), parts, signal);
    expect(parts.endpoint.asked).toHaveLength(rebuildsWithout + 3 * rebuildsWith);
    const model = { name: 'm', digest: 'e'.repeat(64), family: 'f', contextLength: 4096 };
    const endpoint = { ...parts.endpoint, model: () => Promise.resolve(model) };
    const other = { ...parts, endpoint, model };
    await judgeMessages(task, [], other, signal);
    expect(parts.endpoint.asked).toHaveLength(2 * rebuildsWithout + 3 * rebuildsWith);
    expect(parts.endpoint.most()).toBe(1);
  }, 60_000);

  it('is put down with every program that was written, and counted as the model’s time', async () => {
    const parts = partsOf();
    const judged = await judgeMessages(task, saying(helps, helps, misleads), parts, signal);
    expect(judged.map(({ judgingMs }) => judgingMs)).toEqual([
      3 * (rebuildsWithout + rebuildsWith),
      0,
      3 * rebuildsWith,
    ]);
    expect(parts.audited).toHaveLength(3);
    expect(JSON.stringify(parts.audited[1])).toContain('return x + x');
  }, 60_000);
});

describe('a message that is refused', () => {
  it.each<[string, string | null, string]>([
    ['is missing', null, 'cut'],
    ['is too short', 'Doubles it.', 'malformed'],
    ['is too long', `Doubles it. ${'Really. '.repeat(40)}`, 'malformed'],
    ['has the code', 'It does return x * 2 and no more.', 'leaks'],
    ['has a hidden call', 'As with double(340) it gives more.', 'leaks'],
  ])(
    'because it %s is tried with no solver',
    async (_what, answer, reason) => {
      const parts = partsOf();
      const [judged] = await judgeMessages(task, saying(answer), parts, signal);
      expect(judged?.verdict).toEqual({ verdict: 'wrong', reason });
      expect(parts.endpoint.asked).toHaveLength(rebuildsWithout);
    },
    60_000,
  );

  it('because it holds a hidden output of more than three characters', async () => {
    const long = exampleExplain({ ...task, hidden: [['(5000,)', '10000']] });
    const [judged] = await judgeMessages(long, saying('It gives 10000 for a big one.'), partsOf(), signal);
    expect(judged?.verdict).toEqual({ verdict: 'wrong', reason: 'leaks' });
  }, 60_000);

  it('never pays more than one that does not help', () => {
    const refused: Verdict = { verdict: 'wrong', reason: 'leaks' };
    for (let right = 0; right <= rebuildsWithout; right += 1) {
      const without = { right, of: rebuildsWithout };
      const useless = { verdict: 'gained', with: { right: 0, of: rebuildsWith }, without } as const;
      expect(explainReward(refused, without).total).toBe(explainReward(useless, without).total);
      expect(explainReward(useless, without).total).toBe(gain(useless));
    }
  });
});

it('says nothing of a message where no program could be run, and asks again the next time', async () => {
  const broken: Sandbox = {
    ...sandbox,
    verify: () => Promise.reject(new SandboxError('broken', 'It is gone.')),
  };
  const parts = partsOf();
  const [judged] = await judgeMessages(task, saying(helps), { ...parts, sandbox: broken }, signal);
  expect(judged?.verdict).toEqual({ verdict: 'unjudgeable', reason: 'sandbox' });
  expect(judged?.reward.total).toBe(0);
  await judgeMessages(task, saying(helps), parts, signal);
  expect(parts.endpoint.asked).toHaveLength(2 * rebuildsWithout + rebuildsWith);
}, 60_000);

it('stops when it is told to', async () => {
  const stop = new AbortController();
  const parts = partsOf(
    scriptedEndpoint(() => {
      stop.abort();
      return 'x):\n...     return 1\n...\n';
    }),
  );
  await expect(judgeMessages(task, saying(helps), parts, stop.signal)).rejects.toThrow();
  expect(parts.endpoint.asked.length).toBeLessThan(rebuildsWithout);
});
