import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { exampleInduction } from '../../../test/support/example-tasks.ts';
import { FakeTerminal } from '../../../test/support/fake-terminal.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { sampleGroup, sampleTask } from '../../../test/support/sample-records.ts';
import { type Script, scriptedSandbox } from '../../../test/support/scripted-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { reviewCommand } from './review.ts';

/** What the sample program gives: twice an int, and an exception for all else. */
const twice: Script = ({ call: [argument] }) =>
  argument?.type === 'int'
    ? { outcome: 'ok', value: { type: 'int', value: 2n * argument.value } }
    : { outcome: 'exception', type: 'TypeError' };

/** A program and attempts, half of which were right: uncertain. */
async function uncertain(store: Store, ids: readonly string[], changed: Partial<Task> = {}): Promise<void> {
  const [right, wrong] = sampleGroup('').samples;
  if (right === undefined || wrong === undefined) throw new TypeError('A sample group is too small.');
  for (const [number, id] of ids.entries()) {
    await store.putTasks([{ ...sampleTask(id, { call: `(${10 + number},)` }), ...changed } as Task]);
    const samples = Array.from({ length: 8 }, (_, index) => ({
      ...(index < 4 ? right : wrong),
      index,
      answer: index < 4 ? '4' : `${index}`,
    }));
    await store.commitGroup(sampleGroup(`group-${id}`, { taskId: id, samples }), { stream: false });
  }
}

/** Tasks about which nothing is in question, so that a share of all is as many as a test needs. */
async function plain(store: Store, count: number): Promise<void> {
  const tasks = Array.from({ length: count }, (_, n) => sampleTask(`plain${n}`, { call: `(${n + 1000},)` }));
  await store.putTasks(tasks);
}

const never = async (): Promise<Sandbox> => {
  throw new TypeError('Nothing is to be executed.');
};
const scripted = async () => scriptedSandbox(twice);

const given = (args: readonly string[], openSandbox: () => Promise<Sandbox> = never) =>
  runCommand((context) => reviewCommand(context, openSandbox), args);

describe('autodidact review, by options', () => {
  it('lists what waits and why, without the answer', async () => {
    const { store, args } = await openedStore();
    await plain(store, 40);
    await uncertain(store, ['half'], { output: '31337' } as Partial<Task>);
    const { out, error } = await given([...args, '--list']);
    expect(error).toBeUndefined();
    expect(out).toContain(
      'half         deduction  sums.py twice\n          uncertain: solved 4 of 8 (22–78 %)\n',
    );
    expect(out).toContain('1 task for a person to decide on.');
    const json = JSON.parse((await given([...args, '--list', '--json'])).out);
    expect(json).toMatchObject({ id: 'half', why: { reason: 'uncertain', rate: { count: 4, of: 8 } } });
    expect(out + JSON.stringify(json)).not.toContain('31337');
  });

  it('accepts, rejects with a reason, and takes the last decision back', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('aa'), sampleTask('bb'), sampleTask('cc')]);
    const options = ['--accept', 'a', '--reject', 'b', '--reject', 'c', '--reason', 'duplicate'];
    expect((await given([...args, ...options])).out).toBe(
      'Accepted aa.\nRejected bb (duplicate).\nRejected cc (duplicate).\n',
    );
    expect((await store.tasks({ state: 'open' })).map(({ id }) => id)).toEqual(['aa']);
    expect((await given([...args, '--undo'])).out).toBe('Taken back: reject of cc.\n');
    expect((await store.tasks({ state: 'open' })).map(({ id }) => id)).toEqual(['aa', 'cc']);
    expect(await store.reviews()).toMatchObject([
      { decision: 'accept', taskId: 'aa', reviewer: expect.stringMatching(/./) },
      { decision: 'reject', taskId: 'bb', reason: 'duplicate' },
      { decision: 'reject', taskId: 'cc' },
      { decision: 'undo', taskId: 'cc' },
    ]);
  });

  it.each([
    [['--reject', 'a'], '--reject needs --reason, one of: trivial, unclear'],
    [['--reject', 'a', '--reason', 'ugly'], 'Allowed choices are trivial, unclear'],
    [['--accept', 'aa', '--reject', 'zz', '--reason', 'wrong'], 'No task begins with zz'],
    [['--accept', 'aa', '--reject', 'aa', '--reason', 'wrong'], 'cannot be accepted and rejected at once'],
    [['--edit', 'aa'], '--edit and --call go together'],
    [['--answer', '4'], '--attempt and --answer go together'],
    [['--undo'], 'no decision to take back'],
    [['--edit', 'ii', '--call', '(1,)'], 'no single call to change'],
    [[], 'This is no terminal. List what waits with --list'],
  ])('%j records nothing and says what is wrong', async (options, message) => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('aa'), exampleInduction({ id: 'ii' })]);
    expect((await given([...args, ...options])).error).toMatchObject({
      message: expect.stringContaining(message),
    });
    expect(await store.reviews()).toEqual([]);
    expect(await store.auditLog({ limit: 9 })).toEqual([]);
  });

  it('makes a task of another call, whose output is what execution gave, beside the first', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('aa', { split: 'gate' })]);
    const { error, out } = await given([...args, '--edit', 'aa', '--call', ' ( 21, ) '], scripted);
    expect(error).toBeUndefined();
    const [original, variant] = await store.tasks();
    expect(original).toEqual(sampleTask('aa', { split: 'gate' }));
    expect(variant).toMatchObject({
      call: '(21,)',
      output: '42',
      origin: 'reviewed',
      variantOf: 'aa',
      proposedBy: null,
      state: 'open',
      split: 'gate',
    });
    expect(out).toBe(`Made ${variant?.id} beside aa.\n`);
    expect(await store.reviews()).toMatchObject([{ decision: 'edit', taskId: 'aa', variantId: variant?.id }]);
    await given([...args, '--undo']);
    expect((await store.tasks({ state: 'open' })).map(({ id }) => id)).toEqual(['aa']);
  });

  it.each([
    ['no literal', '__import__("os")', 'malformed'],
    ['the same call', '(2,)', 'same-call'],
    ['a call that raises', "('x',)", 'exception'],
    ['one that a trick answers', '(0,)', 'a trivial solver gets it'],
  ])('makes no task of %s, and says why', async (_, call, why) => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('aa')]);
    const { error } = await given([...args, '--edit', 'aa', '--call', call], scripted);
    expect(error).toMatchObject({ message: expect.stringContaining(why) });
    expect(await store.tasks()).toHaveLength(1);
    expect(await store.reviews()).toEqual([]);
  });

  it('judges a person’s own answer, and counts it in no rate of the model', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('aa')]);
    await store.commitGroup(sampleGroup('g', { taskId: 'aa' }), { stream: false });
    const before = await store.answers(['aa']);
    const own = (answer: string) => given([...args, '--attempt', 'aa', '--answer', answer], scripted);
    expect((await own(' 4 ')).out).toBe('Your answer to aa: right.\n');
    expect((await own('4.0')).out).toBe('Your answer to aa: wrong (different).\n');
    expect(await store.answers(['aa'])).toEqual(before);
    expect(await store.reviews('aa')).toMatchObject([
      { decision: 'attempt', answer: ' 4 ', verdict: { verdict: 'right' } },
      { decision: 'attempt', answer: '4.0', verdict: { verdict: 'wrong', reason: 'different' } },
    ]);
    expect(await store.groups()).toHaveLength(1);
  });
});

/** A review at a terminal: what is typed, and what is shown. */
async function atTerminal(
  args: readonly string[],
  openSandbox: () => Promise<Sandbox> = never,
  signal = new AbortController().signal,
) {
  const stdin = new FakeTerminal();
  const stdout = new PassThrough();
  let shown = '';
  stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const context = { stdin, stdout, stderr: stdout, cwd: '/', env: {}, signal };
  const ended = reviewCommand(context, openSandbox)
    .exitOverride()
    .parseAsync([...args], { from: 'user' })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  /** Waits until this is shown, after what was waited for before. */
  let from = 0;
  const shows = async (part: string) => {
    await expect.poll(() => shown.indexOf(part, from), { timeout: 5_000 }).toBeGreaterThanOrEqual(0);
    from = shown.indexOf(part, from) + part.length;
  };
  return { stdin, ended, shows, shown: () => shown, type: (keys: string) => stdin.write(keys) };
}

describe('autodidact review, at a terminal', () => {
  it('decides with one key or two, goes back, and shows answers when they are asked for', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0', 't1', 't2', 't3'], { output: '31337' } as Partial<Task>);
    await plain(store, 60);
    const { type, shows, ended, shown, stdin } = await atTerminal(args);
    await shows('── 1 of 4');
    await shows('uncertain: solved 4 of 8 (22–78 %)');
    await shows('twice(10)');
    expect(shown()).not.toContain('31337');
    type('v');
    await shows('31337');
    type('a');
    await shows('Recorded: accept.');
    await shows('── 2 of 4');
    type('r');
    await shows('why? 1 trivial · 2 unclear');
    type('2');
    await shows('Recorded: reject (unclear).');
    await shows('── 3 of 4');
    expect((await store.tasks({ ids: ['t1'] }))[0]?.state).toBe('retired');
    type('u');
    await shows('Taken back: reject of t1.');
    await shows('── 2 of 4');
    type('r');
    await shows('why?');
    type('x');
    await shows('Not rejected.');
    type('s');
    await shows('── 3 of 4');
    type('q');
    await shows('1 decision recorded');
    expect(await ended).toBeUndefined();
    expect(stdin.isRaw).toBe(false);
    expect((await store.reviews()).map(({ taskId, decision }) => `${decision} ${taskId}`)).toEqual([
      'accept t0',
      'reject t1',
      'undo t1',
    ]);
    expect((await store.tasks({ state: 'retired' })).map(({ id }) => id)).toEqual([]);
    // What was decided does not come again; what was skipped does.
    expect((await given([...args, '--list'])).out).not.toContain('t0 ');
    expect((await given([...args, '--list'])).out).toContain('t1 ');
  });

  it('keys that were pressed before a task is shown decide nothing about it', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0', 't1']);
    await plain(store, 30);
    const { type, shows, ended } = await atTerminal(args);
    await shows('── 1 of 2');
    type('aaaa');
    await shows('── 2 of 2');
    type('\u0003');
    await shows('1 decision recorded');
    expect(await ended).toBeUndefined();
    expect((await store.reviews()).map(({ taskId }) => taskId)).toEqual(['t0']);
  });

  it('takes another call or an own answer as a line', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0']);
    const { type, shows, ended } = await atTerminal(args, scripted);
    await shows('── 1 of 1');
    type('t');
    await shows('your answer: ');
    type('4\r');
    await shows('right, recorded.');
    type('e');
    await shows('arguments, as a tuple like (1, [2]): ');
    type('(10,)\r');
    await shows('No task: same-call. Nothing was recorded.');
    type('e');
    await shows('arguments, as a tuple');
    type('(21,)\r');
    await shows('Recorded: a new task,');
    await shows('1 decision recorded');
    expect(await ended).toBeUndefined();
    expect(await store.tasks({ origin: 'reviewed' })).toMatchObject([{ output: '42', variantOf: 't0' }]);
  });

  it('a line that is left records nothing', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0']);
    const { type, shows, ended } = await atTerminal(args);
    await shows('── 1 of 1');
    type('e');
    await shows('arguments');
    type('\u0003');
    await shows('Nothing was recorded.');
    type('t');
    await shows('your answer');
    type('\r');
    await shows('Nothing was recorded.');
    type('q');
    await shows('0 decisions recorded');
    expect(await ended).toBeUndefined();
    expect(await store.reviews()).toEqual([]);
  });

  it('interrupted, keeps what was decided and nothing of what was not, and gives the terminal back', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0', 't1']);
    await plain(store, 30);
    const abort = new AbortController();
    const sandbox = scriptedSandbox(twice);
    const hanging = async (): Promise<Sandbox> => ({
      ...sandbox,
      verify: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          setImmediate(() => abort.abort());
        }),
    });
    const { type, shows, ended, stdin } = await atTerminal(args, hanging, abort.signal);
    await shows('── 1 of 2');
    type('a');
    await shows('── 2 of 2');
    type('e');
    await shows('arguments');
    type('(21,)\r');
    expect(await ended).toMatchObject({ name: 'AbortError' });
    expect((await store.reviews()).map(({ taskId, decision }) => `${decision} ${taskId}`)).toEqual([
      'accept t0',
    ]);
    expect(await store.tasks({ origin: 'reviewed' })).toEqual([]);
    expect(stdin.isRaw).toBe(false);
  });

  it('ends where the input ends', async () => {
    const { store, args } = await openedStore();
    await uncertain(store, ['t0']);
    const { stdin, shows, ended } = await atTerminal(args);
    await shows('── 1 of 1');
    stdin.end();
    await shows('0 decisions recorded');
    expect(await ended).toBeUndefined();
  });

  it('shows what a terminal would obey', async () => {
    const { store, args } = await openedStore();
    const hostile = `'\u001b[2J\u202e${'x'.repeat(200)}'`;
    const unit = { ...sampleTask('').unit, symbol: hostile };
    await uncertain(store, ['t0'], {
      program: `def twice(n):\n    return ${hostile}\n`,
      call: hostile,
      unit,
    } as Partial<Task>);
    const { type, shows, ended, shown } = await atTerminal(args);
    await shows('── 1 of 1');
    type('v');
    type('q');
    await shows('0 decisions recorded');
    await ended;
    expect(shown()).toContain('‹U+001B›[2J‹U+202E›');
    expect(shown().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const line of shown().split('\n').slice(0, -2)) expect([...line].length).toBeLessThanOrEqual(80);
    expect((await given([...args, '--list'])).out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
