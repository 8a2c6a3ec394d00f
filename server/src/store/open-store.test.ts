import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleGroup, exampleSeed, exampleTask } from './example-records.ts';
import { openStore } from './open-store.ts';
import { schemaVersion } from './schema.ts';
import { StoreError } from './store-error.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-store-'));
  file = path.join(folder, 'private', 'store.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reason = (...reasons: StoreError['reason'][]) => ({
  asymmetricMatch: (error: unknown) => StoreError.is(error, ...reasons),
  toString: () => reasons.join(),
});

describe('records', () => {
  it('come back as they were put, after the store was opened again', async () => {
    const first = await openStore({ path: file });
    await first.putSeeds([exampleSeed('s1')]);
    await first.putTasks([exampleTask('t1'), exampleTask('t2', { state: 'stale' })]);
    await first.commitGroup(exampleGroup('g1', 't1'), { tasks: [exampleTask('t3')], stream: true });
    await first.setNote('mined', 'abc');
    await first.audit({ what: 'mined', detail: { folder } });
    await first.close();

    const store = await openStore({ path: file });
    expect(await store.seeds()).toEqual([exampleSeed('s1')]);
    expect(await store.tasks()).toEqual([
      exampleTask('t1'),
      exampleTask('t2', { state: 'stale' }),
      exampleTask('t3'),
    ]);
    expect((await store.tasks({ state: 'open' })).map(({ id }) => id)).toEqual(['t1', 't3']);
    expect((await store.tasks({ ids: ['t3'], kind: 'deduction' })).map(({ id }) => id)).toEqual(['t3']);
    expect(await store.groups({ taskId: 't1' })).toEqual([exampleGroup('g1', 't1')]);
    expect(await store.groups({ kind: 'abduction' })).toEqual([]);
    expect(await store.note('mined')).toBe('abc');
    expect(await store.note('other')).toBeUndefined();
    await store.close();
  });

  it('change state in the column and in the document alike', async () => {
    const store = await openStore({ path: file });
    await store.putTasks([exampleTask('t1')]);
    await store.setTaskState(['t1'], 'retired');
    expect((await store.tasks({ state: 'retired' })).map(({ state }) => state)).toEqual(['retired']);
    await store.close();
  });

  it('leave the outbox in order, each once, when acknowledged', async () => {
    const store = await openStore({ path: file });
    for (const id of ['a', 'b', 'c']) await store.commitGroup(exampleGroup(id, 't'), { stream: true });
    await store.commitGroup(exampleGroup('b', 't'), { stream: true });
    await store.commitGroup(exampleGroup('silent', 't'), { stream: false });
    const [first] = await store.outgoing(2);
    expect((await store.outgoing(9)).map(({ group }) => group.id)).toEqual(['a', 'b', 'c']);
    await store.acknowledge(first?.position ?? -1);
    expect((await store.outgoing(9)).map(({ group }) => group.id)).toEqual(['b', 'c']);
    await store.close();
  });

  it('are private to the user', async () => {
    const store = await openStore({ path: file });
    if (process.platform !== 'win32') expect((await stat(path.dirname(file))).mode & 0o077).toBe(0);
    await store.close();
  });

  it('can no longer be asked for after close', async () => {
    const store = await openStore({ path: file });
    await store.close();
    await expect(store.tasks()).rejects.toEqual(reason('closed'));
  });
});

describe('a transaction', () => {
  it('is kept whole or not at all when the disk is full, and nothing before it is lost', async () => {
    const store = await openStore({ path: file, maxPages: 60 });
    const kept: string[] = [];
    let failed: unknown;
    for (let n = 0; failed === undefined && n < 1_000; n += 1) {
      const large = { ...exampleGroup(`g${n}`, 't'), prompt: 'x'.repeat(5_000) };
      await store.commitGroup(large, { tasks: [exampleTask(`t${n}`)], stream: true }).then(
        () => kept.push(large.id),
        (error: unknown) => {
          failed = error;
        },
      );
    }
    expect(failed).toEqual(reason('disk-full'));
    expect((await store.groups()).map(({ id }) => id)).toEqual(kept);
    expect(await store.tasks()).toHaveLength(kept.length);
    await store.close();
  });
});

describe('killed in the middle', () => {
  it('loses no record that was acknowledged', async () => {
    const program = `
      import { openStore } from ${JSON.stringify(path.join(import.meta.dirname, 'open-store.ts'))};
      import { exampleGroup } from ${JSON.stringify(path.join(import.meta.dirname, 'example-records.ts'))};
      const store = await openStore({ path: process.argv[2] });
      for (let n = 0; ; n += 1) {
        const id = process.argv[3] + '-' + n;
        await store.commitGroup(exampleGroup(id, 't'), { stream: true });
        process.stdout.write(id + '\\n');
      }`;
    const script = path.join(folder, 'writer.ts');
    await writeFile(script, program);
    const acknowledged: string[] = [];
    for (const round of [0, 1, 2, 3]) {
      const child = spawn(process.execPath, [script, file, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      setTimeout(() => child.kill('SIGKILL'), 400 + 150 * round);
      for await (const line of readline.createInterface({ input: child.stdout })) acknowledged.push(line);
    }
    expect(acknowledged.length).toBeGreaterThan(20);
    const store = await openStore({ path: file });
    expect(store.putAside).toBeUndefined();
    const kept = new Set((await store.groups()).map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    await store.close();
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  }, 60_000);
});

describe('a database that cannot be used', () => {
  it('of a newer version is refused and left as it is', async () => {
    await (await openStore({ path: file })).close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    database.close();
    const before = await readFile(file);
    await expect(openStore({ path: file })).rejects.toEqual(reason('newer-version'));
    expect(await readFile(file)).toEqual(before);
  });

  it('that is damaged is put aside whole, and a new one begun', async () => {
    await (await openStore({ path: file })).close();
    await writeFile(file, 'this is no database, but it may be all that somebody has');
    const store = await openStore({ path: file });
    expect(await store.tasks()).toEqual([]);
    expect(await readFile(store.putAside ?? '', 'utf8')).toContain('all that somebody has');
    await store.close();
    expect((await readdir(path.dirname(file))).filter((name) => name.includes('corrupt'))).toHaveLength(1);
  });

  it('in a folder that cannot be made says so', async () => {
    await writeFile(path.join(folder, 'private'), 'a file where a folder should be');
    await expect(openStore({ path: file })).rejects.toEqual(reason('read-only'));
  });
});

describe('the audit log', () => {
  it('cannot be changed', async () => {
    const store = await openStore({ path: file });
    await store.audit({ what: 'sent', detail: { to: 'nobody' } });
    await store.close();
    const database = new DatabaseSync(file);
    expect(() => database.exec("UPDATE audit SET what = 'nothing'")).toThrow('append-only');
    expect(() => database.exec('DELETE FROM audit')).toThrow('append-only');
    database.close();
  });
});
