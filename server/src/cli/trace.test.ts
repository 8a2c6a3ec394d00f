import { describe, expect, it } from 'vitest';
import { Trace } from '../../../protocol/trace.ts';
import { openedStore } from '../../../test/support/opened-store.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import {
  sampleGroup,
  sampleProposals,
  sampleSeed,
  sampleTask,
} from '../../../test/support/sample-records.ts';
import { decide } from '../review/decide.ts';
import { traceCommand } from './trace.ts';

/** Everything that can become of a task. */
async function played() {
  const at = await openedStore();
  const { store } = at;
  const task = sampleTask('abc1', { origin: 'proposed', proposedBy: 'proposals' });
  await store.putSeeds([sampleSeed('seed')]);
  await store.commitGroup(sampleProposals('proposals', 'abc1'), { tasks: [task], stream: true });
  await store.commitGroup(sampleGroup('first', { taskId: 'abc1' }), { stream: true });
  await store.commitGroup(sampleGroup('second', { taskId: 'abc1' }), { stream: false });
  await store.acknowledge(1);
  await store.audit({
    what: 'streamed',
    detail: { target: 'http://trainer:8000/groups', groups: ['proposals'] },
  });
  const desk = { store, reviewer: 'ann', now: () => '2026-02-03T04:05:06.789Z' };
  await decide(task, { decision: 'reject', reason: 'unclear' }, desk);
  return at;
}

describe('autodidact trace', () => {
  it('tells a task’s story from its source to where it was sent', async () => {
    const { args } = await played();
    const { error, out } = await runCommand(traceCommand, ['abc', ...args]);
    expect(error).toBeUndefined();
    const inOrder = [
      'abc1 · proposed · retired · to learn from',
      '── Source',
      'sums.py:1 twice, lines 1 to 2',
      'call from doctest at sums.py:2',
      'twice(2)  →  4',
      '── Proposal',
      'group     proposals',
      'small cccccccccccc, prompt deduction-1 (session), trainable',
      '>>> twice(2)',
      'valid, reward 1.00 (correct 1, format 1)',
      '── Task',
      'no trivial solver gets it',
      'return 2 * n',
      '── Attempts',
      'solved    2 of 16 (3–36 %)',
      '14 ×    wrong  5',
      '2 ×     right  4',
      'group     first',
      'judged in pyodide 314.0.7, Python 3.14.2',
      ' 0  1.00  right                4',
      ' 1  0.00  wrong (different)    5',
      'group     second',
      'prompt    as before',
      '── Reviews',
      'reject    unclear, by ann, 2026-02-03T04:05:06.789Z',
      '── Sent',
      'sent      proposals to http://trainer:8000/groups',
      'waits     first',
      '1 group of it stayed on this machine.',
      '── Log',
      'decided: reject (unclear) of task abc1 by a person.',
      'Whole records, tokens included: the same with --json.',
    ];
    let from = 0;
    for (const part of inOrder) {
      expect(out.slice(from)).toContain(part);
      from = out.indexOf(part, from) + part.length;
    }
  });

  it('shows under an attempt what it ran on its way', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('t')]);
    const [first] = sampleGroup('').samples;
    if (first === undefined) throw new TypeError('A sample group has no sample.');
    const call = { at: 1, textAt: 1, toolMs: 5, randomSeed: 2, promptTokens: 20 } as const;
    const tool = [
      { ...call, code: 'twice(2)\n', outcome: 'ran', text: '4\n>>>' },
      { ...call, code: 'for n in x:\n    pass\n', outcome: 'ran', text: '>>>' },
    ] as const;
    await store.commitGroup(sampleGroup('g', { taskId: 't', samples: [{ ...first, tool: [...tool] }] }), {
      stream: false,
    });
    const { out } = await runCommand(traceCommand, ['t', ...args]);
    expect(out).toMatch(
      / 0 {2}1\.00 {2}right +4\n +>>> twice\(2\) +→ +4\n +>>> for n in x: ⏎ pass +→ +ran\n/,
    );
  });

  it('gives the whole records as JSON, which its schema describes', async () => {
    const { args, store } = await played();
    const { out } = await runCommand(traceCommand, ['abc1', ...args, '--json']);
    const trace = Trace.parse(JSON.parse(out));
    expect(trace.groups).toEqual(await store.groups({ role: 'solve' }));
    expect(trace.proposal).toEqual(sampleProposals('proposals', 'abc1'));
    expect(trace).toMatchObject({
      task: { id: 'abc1', state: 'retired' },
      solved: { count: 2, of: 16 },
      known: 'measured',
      runs: [{ id: 'run' }],
      sent: [
        { groupId: 'proposals', acknowledged: true, target: 'http://trainer:8000/groups' },
        { groupId: 'first', acknowledged: false, target: null, at: null },
      ],
    });
  });

  it('shows what a terminal would obey, on lines of 80 columns at most', async () => {
    const { store, args } = await openedStore();
    const hostile = `\u001b]0;title\u0007\u001b[2J\r\u202e\u0000${'x'.repeat(200)}`;
    const unit = { ...sampleTask('').unit, file: `${hostile}.py`, symbol: hostile, folder: hostile };
    const code = `def f():\n\treturn '${hostile}'\n`;
    await store.putTasks([sampleTask('t', { program: code, call: hostile, output: hostile, unit })]);
    const [first] = sampleGroup('').samples;
    if (first === undefined) throw new TypeError('A sample group has no sample.');
    const samples = [
      { ...first, answer: hostile, text: hostile },
      { ...first, index: 1, answer: null, text: hostile },
    ];
    await store.commitGroup(
      sampleGroup('g', { taskId: 't', prompt: hostile, samples, model: { name: hostile, digest: hostile } }),
      { stream: true },
    );
    await store.acknowledge(1);
    await store.audit({ what: 'streamed', detail: { target: hostile, groups: ['g'] } });
    const desk = { store, reviewer: hostile, now: () => hostile };
    await decide(sampleTask('t'), { decision: 'accept' }, desk);
    const { error, out } = await runCommand(traceCommand, ['t', ...args]);
    expect(error).toBeUndefined();
    expect(out).toContain('‹U+001B›');
    expect(out).toContain('‹U+202E›');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it('takes 0 of 8 as unknown', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('t')]);
    expect((await runCommand(traceCommand, ['t', ...args])).out).toContain('solved    not tried yet');
    const [, ...wrong] = sampleGroup('').samples;
    await store.commitGroup(sampleGroup('g', { taskId: 't', samples: wrong }), { stream: false });
    expect((await runCommand(traceCommand, ['t', ...args])).out).toContain(
      'solved    0 of 7 (0–35 %), unknown: too few attempts to call it impossible',
    );
  });

  it('says of a task that was played much how much is left out, and counts all of it', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('t')]);
    for (let number = 0; number < 103; number += 1) {
      await store.commitGroup(sampleGroup(`g${number}`, { taskId: 't' }), { stream: false });
    }
    const { out } = await runCommand(traceCommand, ['t', ...args]);
    expect(out).toContain('solved    103 of 824');
    expect(out).toContain('The newest 800 of 824 attempts follow.');
    expect(out).not.toContain('group     g2,');
    expect(out).toContain('group     g102,');
  });

  it('says what to do where an id is unknown or fits several', async () => {
    const { store, args } = await openedStore();
    await store.putTasks([sampleTask('abc1'), sampleTask('abc2'), sampleTask('abc')]);
    const ended = async (id: string) => (await runCommand(traceCommand, [id, ...args])).error;
    expect(await ended('xyz')).toMatchObject({
      reason: 'missing',
      message: 'No task begins with xyz. List them: autodidact tasks',
    });
    expect(await ended('ab')).toMatchObject({
      reason: 'usage',
      message: expect.stringMatching(/^3 tasks begin with ab\. Give more letters:\n {2}abc1 {2}deduction/),
    });
    expect(await ended('abc')).toBeUndefined();
    expect(await ended('\u001b[2J')).toMatchObject({ message: expect.not.stringContaining('\u001b') });
    expect(await ended('')).toMatchObject({ reason: 'usage' });
  });
});
