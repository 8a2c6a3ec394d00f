import { describe, expect, it } from 'vitest';
import { Group, toolCalls } from '../../../../protocol/group.ts';
import type { Task } from '../../../../protocol/task.ts';
import { characterEndpoint } from '../../../../test/support/character-endpoint.ts';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
  exampleInduction,
} from '../../../../test/support/example-tasks.ts';
import { scriptedSandbox } from '../../../../test/support/scripted-sandbox.ts';
import { sessionResult } from '../../../../test/support/session-result.ts';
import type { SampleRequest } from '../../model/endpoint.ts';
import type { Execution, Result } from '../../sandbox/sandbox.ts';
import { SandboxError } from '../../sandbox/sandbox-error.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { encode } from '../../values/canonical.ts';
import { Canaries } from '../canaries/canaries.ts';
import { choices } from '../choices.ts';
import { namedPreset } from '../presets/named-preset.ts';
import { Evidence } from '../rewards/evidence.ts';
import { type SolveParts, solveTask } from '../solve.ts';

const { signal } = new AbortController();
const backend = { name: 'pyodide', version: '314.0.7', python: '3.14.2' } as const;
const origin = {
  schema: 1,
  runId: 'run',
  preset: 'agent0',
  estimator: 'adpo',
  model: { name: 'm', digest: 'd'.repeat(64) },
  backend,
} as const;

const isSession = ({ entry }: Execution) => entry === 'session';

/** Answers sessions with the number of their piece, and calls with twice the argument. */
const sandbox = (
  session: (pieces: number) => Result = (count) => sessionResult(Array(count).fill(['7\n', null])),
) =>
  scriptedSandbox((execution) => {
    const [first, pieces] = execution.call;
    if (isSession(execution)) return session(pieces?.type === 'list' ? pieces.items.length : 0);
    return first?.type === 'int'
      ? { outcome: 'ok', value: { type: 'int', value: 2n * first.value } }
      : { outcome: 'exception', type: 'TypeError' };
  });

const audited: { what: string; detail: Readonly<Record<string, unknown>> }[] = [];
const parts = (
  say: (request: SampleRequest) => string,
  its = sandbox(),
): SolveParts & { endpoint: ReturnType<typeof characterEndpoint>; sandbox: typeof its } => ({
  endpoint: characterEndpoint(say),
  sandbox: its,
  choices: choices(1),
  preset: namedPreset('agent0'),
  now: () => '',
  tools: true,
  store: {
    note: () => Promise.resolve(undefined),
    setNote: () => Promise.resolve(),
    audit: (event: (typeof audited)[number]) => {
      audited.push(event);
      return Promise.resolve();
    },
  },
});

/** Tries something, then answers. */
const trying =
  (tries: string, answer: string) =>
  ({ prompt }: SampleRequest) =>
    prompt.endsWith('7\n>>>') ? answer : tries;

const tried = { abduction: [' double(3)\n', ' arguments = (21)\n'] } as const;

describe('a group of attempts that may run Python', () => {
  it('is recorded with what each ran, judged by its answer, and can be trained on', async () => {
    const its = parts(trying(...tried.abduction));
    const group = await solveTask(exampleAbduction(), origin, its, signal);
    expect(Group.parse(group)).toEqual(group);
    expect(group).toMatchObject({
      trainable: true,
      form: 'session',
      promptVersion: 'abduction-1+tool-1',
      sampling: { temperature: 1, numPredict: 192 },
    });
    expect(group.samples).toHaveLength(10);
    for (const sample of group.samples) {
      expect(sample).toMatchObject({
        text: ' double(3)\n arguments = (21)\n',
        answer: '(21,)',
        verdict: { verdict: 'right' },
        reward: { total: 1 },
        tool: [{ at: 11, code: 'double(3)\n', text: '7\n>>>' }],
      });
      expect(sample.tokens).toHaveLength(sample.completionTokens);
    }
    // Turns of an attempt follow each other, and so do siblings.
    expect(its.endpoint.asked.map(({ prompt }) => prompt.endsWith('7\n>>>'))).toEqual(
      Array.from({ length: 20 }, (_, index) => index % 2 === 1),
    );
  });

  it('is none of a deduction, whatever is asked for: it is asked as ever, and nothing runs', async () => {
    const its = parts(() => ' double(21)\n');
    const group = await solveTask(exampleDeduction(), origin, its, signal);
    expect(group.prompt).toBe(kindSpec('deduction').ask(exampleDeduction()).prompt);
    expect(group.promptVersion).toBe('deduction-1');
    expect(group.samples.every((sample) => !('tool' in sample))).toBe(true);
    expect(its.sandbox.asked).toEqual([]);
  });

  it('is none where tools are off, or where the style is no session', async () => {
    const off = await solveTask(
      exampleAbduction(),
      origin,
      { ...parts(() => '21)\n'), tools: false },
      signal,
    );
    expect(off.samples.every((sample) => !('tool' in sample))).toBe(true);
    expect(off.prompt).toBe(kindSpec('abduction').ask(exampleAbduction()).prompt);
    const styles = () => ({ frame: 'completion', reasons: false, examples: 1 }) as const;
    const other = await solveTask(exampleAbduction(), origin, { ...parts(() => '21)\n'), styles }, signal);
    expect(other.samples.every((sample) => !('tool' in sample))).toBe(true);
  });

  it('cannot be judged nor trained on where the sandbox broke between turns', async () => {
    const broken = sandbox(() => {
      throw new SandboxError('broken', 'broken');
    });
    for (const task of [exampleAbduction(), exampleExplain()]) {
      const group = await solveTask(task, origin, parts(trying(...tried.abduction), broken), signal);
      expect(group).toMatchObject({ trainable: false, notTrainable: 'unjudged' });
      expect(group.samples[0]).toMatchObject({
        verdict: { verdict: 'unjudgeable', reason: 'sandbox' },
        tool: [],
      });
    }
  });

  it('explains by a message behind what it ran, and its programs are rebuilt without a tool', async () => {
    const say = (request: SampleRequest) =>
      request.prompt.endsWith('>>> def double(')
        ? 'x):\n...     return 2 * x\n...\n'
        : trying(
            ' double(3)\n',
            ' # What double does, in one sentence: Gives twice as much as it gets.\n',
          )(request);
    const its = parts(say);
    const group = await solveTask(exampleExplain(), origin, its, signal);
    expect(group.samples[0]).toMatchObject({
      answer: 'Gives twice as much as it gets.',
      verdict: { verdict: 'gained' },
      tool: [{ code: 'double(3)\n' }],
    });
    expect(its.sandbox.asked.filter(isSession)).toHaveLength(10);
  });

  it('of an induction shows the sandbox, before it is judged, neither its program nor a hidden pair', async () => {
    const task = exampleInduction({
      program: 'def double(x):\n    return x << 1\n',
      hidden: [["('zq7',)", "'zq7zq7'"]],
    });
    const its = parts(trying(' 1 + 1\n', ' def double(x):\n...     return x * 2\n...\n'));
    await solveTask(task, origin, its, signal);
    const sessions = its.sandbox.asked.filter(isSession);
    expect(sessions).toHaveLength(10);
    for (const { program, call } of sessions) {
      const seen = program + Buffer.from(encode({ type: 'tuple', items: call })).toString();
      expect(seen).not.toMatch(/<< 1|zq7/);
    }
    for (const { prompt } of its.endpoint.asked) expect(prompt).not.toMatch(/<< 1|zq7/);
  });

  it('tells how often Python was run, for the reward of who proposed the task', async () => {
    const own = ({ prompt }: SampleRequest) =>
      prompt.endsWith('7\n>>>')
        ? ' # enough\n'
        : prompt.endsWith('enough\n>>>')
          ? ' arguments = (21)\n'
          : ' double(3)\n';
    const group = await solveTask(exampleAbduction(), origin, parts(own), signal);
    expect(group.samples[0]?.tool).toHaveLength(2);
    expect(group.samples.map(toolCalls)).toEqual(Array(10).fill(1));
    expect(new Evidence({ novelty: true }).measure(exampleAbduction(), group)).toMatchObject({
      toolCalls: 1,
      agreement: 1,
    });
    const measured = {
      ...new Evidence({ novelty: true }).measure(exampleAbduction(), group),
      siblings: 1,
      repetition: 0,
      agreement: 0.5,
    };
    expect(namedPreset('agent0').proposer({ verdict: 'valid' }, measured)).toMatchObject({ total: 1.1 });
  });
});

describe('a canary with tools', () => {
  const bits = "'0123456789abcdef'";

  it.each<[string, Task]>([
    ['deduction', exampleDeduction()],
    ['induction', exampleInduction()],
  ])('has its bits out of reach: %s', async (_, task) => {
    const its = parts(trying(' print(vars())\n', ' def double(x):\n...     return x\n...\n'));
    const canary = await new Canaries(0, () => []).play(
      8,
      [task],
      origin,
      { ...its, randomBits: () => bits },
      signal,
    );
    expect(canary).toBeUndefined();
    const sessions = its.sandbox.asked.filter(isSession);
    expect(sessions.length).toBe(task.kind === 'deduction' ? 0 : 10);
    for (const { call } of its.sandbox.asked)
      expect(Buffer.from(encode({ type: 'tuple', items: call })).toString()).not.toContain(
        '0123456789abcdef',
      );
    for (const { prompt } of its.endpoint.asked) expect(prompt).not.toContain('0123456789abcdef');
  });
});
