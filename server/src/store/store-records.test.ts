import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newPath, opened, playedStore } from '../../../test/support/fresh-store.ts';
import {
  sampleGroup,
  sampleProposals,
  sampleRun,
  sampleSeed,
  sampleTask,
} from '../../../test/support/sample-records.ts';
import { migrate, migrations } from './schema.ts';
import type { Store } from './store.ts';

describe('records', () => {
  it('come back as they were put, also after the store was closed', async () => {
    const at = await newPath();
    const store = await opened(at);
    const review = {
      id: 'r',
      taskId: 'proposed',
      decision: 'accept',
      reviewer: 'ann',
      createdAt: '2026-01-02T03:04:05.678Z',
    } as const;
    await store.putSeeds([sampleSeed('s1'), sampleSeed('s2')]);
    await store.putTasks([sampleTask('task')]);
    await store.putRun(sampleRun('run'));
    await store.commitGroup(sampleGroup('solved'), { stream: false });
    await store.commitGroup(sampleProposals('asked', 'proposed'), {
      tasks: [sampleTask('proposed', { origin: 'proposed', proposedBy: 'asked' })],
      stream: true,
    });
    await store.commitReview(review);
    await store.setNote('consent', 'yes');
    await store.close();

    const again = await opened(at);
    expect(await again.seeds()).toEqual([sampleSeed('s1'), sampleSeed('s2')]);
    expect((await again.tasks()).map(({ id }) => id)).toEqual(['task', 'proposed']);
    expect(await again.groups()).toEqual([sampleGroup('solved'), sampleProposals('asked', 'proposed')]);
    expect(await again.runs()).toEqual([sampleRun('run')]);
    expect(await again.reviews('proposed')).toEqual([review]);
    expect(await again.reviews('task')).toEqual([]);
    expect(await again.note('consent')).toBe('yes');
    expect(await again.note('other')).toBeUndefined();
    expect(await again.outgoing(10)).toEqual([{ position: 1, group: sampleProposals('asked', 'proposed') }]);
    expect(await again.counts()).toEqual({
      seeds: 2,
      tasks: 2,
      openTasks: 2,
      groups: 2,
      samples: 9,
      outgoing: 1,
    });
    expect(again.putAside).toBeUndefined();
  });

  it('keep any text that a model may write', async () => {
    const store = await playedStore(await newPath());
    let number = 0;
    // Lone surrogates and NUL among them.
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        number += 1;
        const [sample, ...others] = sampleGroup('').samples;
        const written = sampleGroup(`g${number}`, {
          prompt: text,
          samples: sample === undefined ? [] : [{ ...sample, text, answer: text }, ...others],
        });
        await store.commitGroup(written, {
          tasks: [sampleTask(`t${number}`, { call: text })],
          stream: false,
        });
        await store.setTaskState([`t${number}`], 'stale');
        expect((await store.groups()).at(-1)).toEqual(written);
        expect(await store.tasks({ ids: [`t${number}`] })).toEqual([
          sampleTask(`t${number}`, { call: text, state: 'stale' }),
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('are replaced by id and keep their place in the order', async () => {
    const store = await playedStore(await newPath());
    await store.putTasks([sampleTask('second')]);
    await store.commitGroup(sampleGroup('g'), { stream: false });
    await store.putTasks([sampleTask('task', { state: 'retired' })]);
    await store.putRun({ ...sampleRun('run'), state: 'done' });
    expect((await store.tasks()).map(({ id, state }) => [id, state])).toEqual([
      ['task', 'retired'],
      ['second', 'open'],
    ]);
    expect(await store.runs()).toMatchObject([{ state: 'done' }]);
  });

  it('are found by what a query names', async () => {
    const store = await playedStore(await newPath());
    const elsewhere = { ...sampleTask('task').unit, file: 'other.py' };
    await store.putTasks([
      sampleTask('stale', { state: 'stale' }),
      sampleTask('elsewhere', { unit: elsewhere }),
      sampleTask('proposed', { origin: 'proposed' }),
      sampleTask('gate', { split: 'gate', state: 'retired' }),
    ]);
    await store.putRun(sampleRun('later'));
    await store.commitGroup(sampleGroup('g1'), { stream: false });
    await store.commitGroup(sampleGroup('g2', { runId: 'later', taskId: 'stale' }), { stream: false });
    await store.commitGroup(sampleProposals('p1', 'proposed'), { stream: false });
    const tasks = async (query: Parameters<Store['tasks']>[0]) =>
      (await store.tasks(query)).map(({ id }) => id);
    const groups = async (query: Parameters<Store['groups']>[0]) =>
      (await store.groups(query)).map(({ id }) => id);
    expect(await tasks({ state: 'stale' })).toEqual(['stale']);
    expect(await tasks({ file: 'other.py' })).toEqual(['elsewhere']);
    expect(await tasks({ split: 'gate' })).toEqual(['gate']);
    expect(await tasks({ split: 'train', state: 'stale' })).toEqual(['stale']);
    expect(await tasks({ origin: 'proposed', kind: 'deduction' })).toEqual(['proposed']);
    expect(await tasks({ kind: 'induction' })).toEqual([]);
    expect(await tasks({ ids: ['stale', 'absent', 'task'] })).toEqual(['task', 'stale']);
    expect(await tasks({ ids: [] })).toEqual([]);
    expect(await tasks({ limit: 2 })).toEqual(['task', 'stale']);
    expect(await groups({ runId: 'later' })).toEqual(['g2']);
    expect(await groups({ role: 'propose' })).toEqual(['p1']);
    expect(await groups({ taskId: 'task', kind: 'deduction', role: 'solve' })).toEqual(['g1']);
    expect(await groups({ limit: 1 })).toEqual(['g1']);
  });

  it('of seeds go when they are removed', async () => {
    const store = await opened(await newPath());
    await store.putSeeds([sampleSeed('s1'), sampleSeed('s2')]);
    await store.removeSeeds(['s1', 'absent']);
    expect((await store.seeds()).map(({ id }) => id)).toEqual(['s2']);
  });

  it('of attempts are counted for each task that was tried', async () => {
    const store = await playedStore(await newPath());
    await store.putTasks([sampleTask('untried'), sampleTask('hard')]);
    await store.commitGroup(sampleGroup('g1'), { stream: false });
    await store.commitGroup(sampleGroup('g2'), { stream: false });
    await store.commitGroup(
      sampleGroup('g3', { taskId: 'hard', samples: sampleGroup('').samples.slice(1) }),
      {
        stream: false,
      },
    );
    await store.commitGroup(sampleProposals('p1', 'task'), { stream: false });
    // Of messages those count that gained something.
    const { samples } = sampleGroup('');
    const gained = samples.slice(0, 3).map((sample, right) => ({
      ...sample,
      verdict: { verdict: 'gained' as const, with: { right, of: 4 }, without: { right: 1, of: 4 } },
      reward: { total: (right - 1) / 4, parts: {} },
    }));
    await store.commitGroup(sampleGroup('g4', { taskId: 'untried', samples: gained }), { stream: false });
    expect(await store.attempts()).toEqual([
      { taskId: 'hard', attempts: 7, right: 0 },
      { taskId: 'task', attempts: 16, right: 2 },
      { taskId: 'untried', attempts: 3, right: 1 },
    ]);
  });

  it('of rates are those of one version of the model', async () => {
    const store = await playedStore(await newPath());
    const other = { name: 'm', digest: 'e'.repeat(64) };
    await store.putRun({ ...sampleRun('later'), model: other });
    await store.commitGroup(sampleGroup('g1'), { stream: false });
    await store.commitGroup(sampleGroup('g2'), { stream: false });
    const [first, ...rest] = sampleGroup('').samples;
    if (first === undefined) throw new TypeError('The group has no samples.');
    const unjudged = { ...first, verdict: { verdict: 'unjudgeable', reason: 'sandbox' } } as const;
    const samples = [unjudged, ...rest];
    await store.commitGroup(sampleGroup('g3', { runId: 'later', samples }), { stream: false });
    await store.commitGroup(sampleProposals('p1', 'task'), { stream: false });
    const rate = { taskId: 'task', kind: 'deduction' };
    const [before] = await store.runs();
    expect(await store.rates(before?.model.digest ?? '')).toEqual([{ ...rate, right: 2, judged: 16 }]);
    expect(await store.rates(other.digest)).toEqual([{ ...rate, right: 0, judged: 7 }]);
    expect(await store.rates('f'.repeat(64))).toEqual([]);
  });

  it('of answers are counted by text and verdict', async () => {
    const store = await playedStore(await newPath());
    await store.putTasks([sampleTask('untried')]);
    const [first, second, ...others] = sampleGroup('').samples;
    if (first === undefined || second === undefined) throw new TypeError('A sample group is too small.');
    await store.commitGroup(sampleGroup('g1'), { stream: false });
    await store.commitGroup(sampleGroup('g2', { samples: [{ ...second, answer: null }, ...others] }), {
      stream: false,
    });
    await store.commitGroup(sampleProposals('p1', 'task'), { stream: false });
    expect(await store.answers(['task', 'untried', 'absent'])).toEqual([
      { taskId: 'task', answer: '5', verdict: 'wrong', count: 13, right: 0 },
      { taskId: 'task', answer: null, verdict: 'wrong', count: 1, right: 0 },
      { taskId: 'task', answer: '4', verdict: 'right', count: 1, right: 1 },
    ]);
    expect(await store.answers([])).toEqual([]);
  });

  it('of messages say how many helped', async () => {
    const store = await playedStore(await newPath());
    const [sample] = sampleGroup('').samples;
    if (sample === undefined) throw new TypeError('A sample group is too small.');
    const tries = (right: number) => ({ right, of: 2 });
    const message = (index: number, total: number) => ({
      ...sample,
      index,
      answer: 'Doubles it.',
      verdict: { verdict: 'gained', with: tries(1), without: tries(total > 0 ? 0 : 1) } as const,
      reward: { total, parts: {} },
    });
    await store.commitGroup(sampleGroup('g', { taskId: 'task', samples: [message(0, 0.5), message(1, 0)] }), {
      stream: false,
    });
    expect(await store.answers(['task'])).toContainEqual({
      taskId: 'task',
      answer: 'Doubles it.',
      verdict: 'gained',
      count: 2,
      right: 1,
    });
  });

  it('that were proposed replace no record', async () => {
    const store = await playedStore(await newPath());
    const [mined] = await store.tasks({ ids: ['task'] });
    const proposed = sampleTask('task', { origin: 'proposed', proposedBy: 'p1', output: '5' });
    const added = sampleTask('added', { origin: 'proposed', proposedBy: 'p1' });
    await store.addTasks([proposed, added]);
    await store.commitGroup(sampleProposals('p1', 'task'), { tasks: [proposed, added], stream: false });
    expect(await store.tasks({ ids: ['task'] })).toEqual([mined]);
    expect(await store.tasks({ ids: ['added'] })).toEqual([added]);
  });

  it('of groups are found by id, or the newest of them', async () => {
    const store = await playedStore(await newPath());
    for (const id of ['a', 'b', 'c']) await store.commitGroup(sampleGroup(id), { stream: id !== 'a' });
    await store.acknowledge(1);
    const ids = async (query: Parameters<Store['groups']>[0]) =>
      (await store.groups(query)).map(({ id }) => id);
    expect(await ids({ ids: ['c', 'a', 'absent'] })).toEqual(['a', 'c']);
    expect(await ids({ taskId: 'task', newest: 2 })).toEqual(['b', 'c']);
    expect(await store.outboxPlaces(['a', 'b', 'c'])).toEqual([
      { groupId: 'b', position: 1, acknowledged: true },
      { groupId: 'c', position: 2, acknowledged: false },
    ]);
  });

  it('of tasks are found by what their ids begin with, whatever a pattern would mean', async () => {
    const store = await playedStore(await newPath());
    await store.putTasks([sampleTask('ab1'), sampleTask('ab2'), sampleTask('AB3')]);
    const ids = async (prefix: string) => (await store.tasks({ prefix })).map(({ id }) => id);
    expect(await ids('ab')).toEqual(['ab1', 'ab2']);
    expect(await ids('%')).toEqual([]);
    expect(await ids('a*')).toEqual([]);
  });

  it('of answers are there for groups that an earlier version kept', async () => {
    const at = await newPath();
    const [first = ''] = migrations;
    await mkdir(path.dirname(at), { recursive: true });
    const database = new DatabaseSync(at);
    migrate(database, at, [first]);
    const insert = (sql: string, ...values: string[]) => database.prepare(sql).run(...values);
    insert('INSERT INTO runs (id, record) VALUES (?, ?)', 'run', JSON.stringify(sampleRun('run')));
    insert(
      `INSERT INTO tasks (id, kind, state, file, origin, record) VALUES ('task', 'deduction', 'open', '', 'mined', ?)`,
      JSON.stringify(sampleTask('task')),
    );
    insert(
      `INSERT INTO groups (id, run, kind, role, task, record) VALUES ('g', 'run', 'deduction', 'solve', 'task', ?)`,
      JSON.stringify(sampleGroup('g')),
    );
    for (const { index, verdict } of sampleGroup('g').samples) {
      insert(
        `INSERT INTO samples ("group", "index", verdict, reward) VALUES ('g', ${index}, ?, 0)`,
        verdict.verdict,
      );
    }
    database.close();
    const store = await opened(at);
    expect(await store.answers(['task'])).toEqual([
      { taskId: 'task', answer: '5', verdict: 'wrong', count: 7, right: 0 },
      { taskId: 'task', answer: '4', verdict: 'right', count: 1, right: 1 },
    ]);
  });
});

describe('a group', () => {
  it('is committed with its tasks and its place in the outbox, or not at all', async () => {
    const store = await opened(await newPath());
    await store.putRun(sampleRun('run'));
    const nowhere = store.commitGroup(sampleGroup('g', { taskId: 'absent' }), {
      tasks: [sampleTask('task')],
      stream: true,
    });
    await expect(nowhere).rejects.toMatchObject({ name: 'StoreError', reason: 'failed' });
    expect(await store.counts()).toEqual({
      seeds: 0,
      tasks: 0,
      openTasks: 0,
      groups: 0,
      samples: 0,
      outgoing: 0,
    });
  });

  it('that is committed again changes nothing', async () => {
    const store = await playedStore(await newPath());
    await store.commitGroup(sampleGroup('g'), { stream: true });
    await store.acknowledge(1);
    await store.commitGroup(sampleGroup('g', { prompt: 'another' }), { stream: true });
    expect(await store.groups()).toEqual([sampleGroup('g')]);
    expect(await store.outgoing(10)).toEqual([]);
  });

  it('leaves the outbox when it is acknowledged; positions are never used twice', async () => {
    const store = await playedStore(await newPath());
    for (const id of ['a', 'b', 'c']) await store.commitGroup(sampleGroup(id), { stream: true });
    await store.acknowledge(2);
    expect((await store.outgoing(10)).map(({ position, group }) => [position, group.id])).toEqual([
      [1, 'a'],
      [3, 'c'],
    ]);
    expect(await store.outgoing(1)).toHaveLength(1);
    await store.acknowledge(3);
    await store.commitGroup(sampleGroup('d'), { stream: true });
    expect((await store.outgoing(10)).map(({ position }) => position)).toEqual([1, 4]);
  });

  it('goes out alone where it is large', async () => {
    const store = await playedStore(await newPath());
    for (const id of ['a', 'b']) {
      await store.commitGroup(sampleGroup(id, { prompt: 'x'.repeat(5_000_000) }), { stream: true });
    }
    expect((await store.outgoing(10)).map(({ group }) => group.id)).toEqual(['a']);
  });
});
