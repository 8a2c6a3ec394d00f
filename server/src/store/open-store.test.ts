import { chmod, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newPath, opened, playedStore } from '../../../test/support/fresh-store.ts';
import { sampleGroup, sampleRun, sampleSeed, sampleTask } from '../../../test/support/sample-records.ts';
import { storeProcess } from '../../../test/support/store-process.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from './open-store.ts';
import { storeAtPort } from './worker-client.ts';

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
