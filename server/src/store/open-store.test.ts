import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  sampleGroup,
  sampleProposals,
  sampleRun,
  sampleSeed,
  sampleTask,
} from '../../../test/support/sample-records.ts';
import { storeProcess } from '../../../test/support/store-process.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from './open-store.ts';
import { migrate, migrations } from './schema.ts';
import type { Store } from './store.ts';
import { storeAtPort } from './worker-client.ts';

async function newPath(): Promise<string> {
  return path.join(await temporaryFolder(), 'records', 'store.db');
}

async function opened(at: string, maxPages?: number): Promise<Store> {
  const store = await openStore({ path: at, ...(maxPages === undefined ? {} : { maxPages }) });
  onTestFinished(() => store.close());
  return store;
}

/** A store with a run and a task, which groups refer to. */
async function playedStore(at: string, maxPages?: number): Promise<Store> {
  const store = await opened(at, maxPages);
  await store.putRun(sampleRun('run'));
  await store.putTasks([sampleTask('task')]);
  return store;
}

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

describe('the place', () => {
  it('is private to the user', async () => {
    const at = await newPath();
    const store = await playedStore(at);
    const mode = async (file: string) => (await stat(file)).mode & 0o777;
    expect(await mode(path.dirname(at))).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm']) expect(await mode(at + suffix), suffix).toBe(0o600);
    await store.close();
    await chmod(at, 0o644);
    await opened(at);
    expect(await mode(at)).toBe(0o600);
  });

  it('that cannot be written is named', async () => {
    const folder = await temporaryFolder({ file: 'no folder' });
    const at = path.join(folder, 'file', 'store.db');
    await expect(openStore({ path: at })).rejects.toMatchObject({
      reason: 'read-only',
      message: expect.stringContaining(path.dirname(at)),
    });
  });

  it('is shared by processes that open it at the same time', async () => {
    const at = await newPath();
    const processes = Array.from({ length: 4 }, () => storeProcess(at, 'note'));
    for (const { ended, lines } of processes) expect(await ended, lines.join('\n')).toBe(0);
    expect(await (await opened(at)).note('note')).toMatch(/^\d+$/);
  });
});

describe('a database', () => {
  it('of a newer version is left alone', async () => {
    const at = await newPath();
    await (await openStore({ path: at })).close();
    const database = new DatabaseSync(at);
    database.exec('PRAGMA user_version = 999');
    database.close();
    const before = await readFile(at);
    await expect(openStore({ path: at })).rejects.toMatchObject({ reason: 'newer-version' });
    expect(await readFile(at)).toEqual(before);
    expect(await readdir(path.dirname(at))).toEqual(['store.db']);
  });

  it('of another program is left alone', async () => {
    const at = path.join(await temporaryFolder(), 'store.db');
    const database = new DatabaseSync(at);
    database.exec('CREATE TABLE theirs (value TEXT)');
    database.close();
    await expect(openStore({ path: at })).rejects.toMatchObject({ reason: 'not-a-store' });
  });

  it('that is no database is put aside, to the byte, and a new one begun', async () => {
    const folder = await temporaryFolder({ 'store.db': 'what once was a database'.repeat(100) });
    const store = await playedStore(path.join(folder, 'store.db'));
    expect(store.putAside).toMatch(/store\.db\.corrupt-\d{4}-\d{2}-\d{2}T[\d-]+Z$/);
    expect(await readFile(store.putAside ?? '', 'utf8')).toBe('what once was a database'.repeat(100));
    expect(await store.counts()).toMatchObject({ tasks: 1 });
  });

  it('that is damaged inside is put aside, and nothing of it comes into the new one', async () => {
    const at = await damagedDatabase();
    const damaged = await readFile(at);
    await writeFile(`${at}-wal`, 'what belongs to it');
    const store = await opened(at);
    expect(await store.counts()).toMatchObject({ groups: 0 });
    expect(await readFile(store.putAside ?? '')).toEqual(damaged);
    // Nothing of it may come into the new one.
    expect(await readFile(`${at}-wal`, 'latin1').catch(() => '')).not.toContain('what belongs to it');
  });

  it('that is damaged is put aside once, whoever opens it', async () => {
    const at = await damagedDatabase();
    const processes = Array.from({ length: 3 }, () => storeProcess(at, 'note'));
    for (const { ended, lines } of processes) expect(await ended, lines.join('\n')).toBe(0);
    const aside = (await readdir(path.dirname(at))).filter((name) => name.includes('corrupt'));
    expect(aside.filter((name) => name.endsWith('Z'))).toHaveLength(1);
    expect(await (await opened(at)).note('note')).toMatch(/^\d+$/);
  });

  it('with a record of another shape says which', async () => {
    const at = await newPath();
    const store = await playedStore(at);
    const database = new DatabaseSync(at);
    database.exec(`UPDATE tasks SET record = '{"kind":"deduction"}'`);
    database.close();
    await expect(store.tasks()).rejects.toMatchObject({
      reason: 'corrupt',
      message: expect.stringContaining('record task'),
    });
  });

  it('on a full disk says so, keeps what it has, and goes on when there is room', async () => {
    const at = await newPath();
    const store = await playedStore(at, 60);
    const kept: string[] = [];
    const fill = async () => {
      for (let number = 0; ; number += 1) {
        await store.commitGroup(sampleGroup(`g${number}`, { prompt: 'x'.repeat(10_000) }), { stream: false });
        kept.push(`g${number}`);
      }
    };
    await expect(fill()).rejects.toMatchObject({ reason: 'disk-full' });
    expect(kept.length).toBeGreaterThan(2);
    expect((await store.groups()).map(({ id }) => id)).toEqual(kept);
    await store.close();
    const roomier = await opened(at);
    await roomier.commitGroup(sampleGroup('after'), { stream: false });
    expect((await roomier.groups()).map(({ id }) => id)).toEqual([...kept, 'after']);
  });

  it('that another process writes to for long is locked', async () => {
    const at = await newPath();
    const store = await playedStore(at);
    const other = new DatabaseSync(at);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.setNote('a', 'b')).rejects.toMatchObject({ reason: 'locked' });
    other.exec('ROLLBACK');
    other.close();
    await store.setNote('a', 'b');
    expect(await store.note('a')).toBe('b');
  });
});

describe('a store', () => {
  it('answers what was asked before it was closed, and nothing after', async () => {
    const store = await openStore({ path: await newPath() });
    const written = store.setNote('a', 'b');
    const read = store.note('a');
    const closed = store.close();
    await expect(store.note('a')).rejects.toMatchObject({ reason: 'closed' });
    await written;
    expect(await read).toBe('b');
    await closed;
    await store.close();
  });

  it('lets only so many questions wait', async () => {
    const store = await opened(await newPath());
    const asked = await Promise.allSettled(Array.from({ length: 1_500 }, () => store.note('a')));
    const refused = asked.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(500);
    expect(refused[0]).toMatchObject({ reason: { reason: 'overloaded' } });
    expect(await store.note('a')).toBeUndefined();
  });

  it('is shared with another thread by a port, and counts as one there and here', async () => {
    const store = await opened(await newPath());
    const version = await store.dataVersion();
    const other = await storeAtPort(await store.share(), store.path);
    await other.putSeeds([sampleSeed('s1')]);
    expect(await store.seeds()).toEqual([sampleSeed('s1')]);
    expect(await store.dataVersion()).toBe(version);
    const third = await storeAtPort(await other.share(), store.path);
    await other.close();
    await expect(other.note('a')).rejects.toMatchObject({ reason: 'closed' });
    await store.setNote('a', 'b');
    expect(await third.note('a')).toBe('b');
    await store.close();
    await expect(third.note('a')).rejects.toMatchObject({ reason: 'closed' });
    await expect(store.share()).rejects.toMatchObject({ reason: 'closed' });
  });
});

/** A database with many groups, one page in the middle of which was overwritten. */
async function damagedDatabase(): Promise<string> {
  const at = await newPath();
  const store = await openStore({ path: at });
  await store.putRun(sampleRun('run'));
  await store.putTasks([sampleTask('task')]);
  for (let number = 0; number < 40; number += 1) {
    await store.commitGroup(sampleGroup(`g${number}`), { stream: false });
  }
  await store.close();
  const whole = await readFile(at);
  const copy = `${at}.whole`;
  await copyFile(at, copy);
  const pages = whole.length / 4096;
  for (let page = 2; page < pages; page += 1) whole.fill(0xff, page * 4096, page * 4096 + 64);
  await writeFile(at, whole);
  return at;
}
