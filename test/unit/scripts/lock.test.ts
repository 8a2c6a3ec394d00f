import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdLock } from '../../../scripts/lock.mjs';

const module = path.resolve(import.meta.dirname, '../../../scripts/lock.mjs');

/** A process that takes the lock, says so, and keeps it. */
const holder = `import { holdLock } from ${JSON.stringify(module)};
await holdLock(process.argv[1], async () => { console.log('held'); await new Promise((done) => setTimeout(done, 60_000)); });`;

describe('holdLock', () => {
  let folder = '';
  let lock = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-lock-'));
    lock = path.join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets one action run at a time, each of them once', async () => {
    let running = 0;
    let most = 0;
    const action = async () => {
      running += 1;
      most = Math.max(most, running);
      await wait(5);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => holdLock(lock, action)));
    expect(most).toBe(1);
  });

  it('gives what the action gave, and is free after one that failed', async () => {
    await expect(holdLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await holdLock(lock, () => Promise.resolve(7))).toBe(7);
  });

  it('waits for another process, says whom for, and takes over when that one is killed', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', holder, lock]);
    await once(child.stdout, 'data');
    const waitedFor: number[] = [];
    const taken = holdLock(lock, () => Promise.resolve('mine'), { onWait: ({ pid }) => waitedFor.push(pid) });
    await wait(500);
    expect(waitedFor).toEqual([child.pid]);
    child.kill('SIGKILL');
    expect(await taken).toBe('mine');
  });

  it('stops waiting when its signal fires', async () => {
    let release = () => {};
    const held = holdLock(lock, () => new Promise<void>((resolve) => (release = resolve)));
    await wait(50);
    const gaveUp = holdLock(lock, () => Promise.resolve(), { signal: AbortSignal.timeout(50) });
    await expect(gaveUp).rejects.toMatchObject({ name: 'AbortError' });
    release();
    await held;
  });

  it.each([
    [
      'a process of that number that started at another time',
      JSON.stringify({ pid: process.pid, started: '1' }),
    ],
    ['a process that is gone', JSON.stringify({ pid: 2 ** 30, started: '1' })],
    ['half a record', '{"pid": 1'],
    ['nobody: it was released', 'free'],
  ])('takes over a lock that names %s', async (_, content) => {
    const row = `${lock}@${os.hostname()}`;
    await mkdir(row, { recursive: true });
    await writeFile(path.join(row, '41'), content);
    expect(await holdLock(lock, () => readdir(row))).toEqual(['42']);
  });
});
