import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startTime } from './running.mjs';

const pollMs = 200;

/**
 * @typedef {object} LockOptions
 * @property {AbortSignal | undefined} [signal]  Gives up waiting.
 * @property {(owner: { pid: number, file: string }) => void} [onWait]  Told once, where another process holds the lock.
 */

/**
 * Runs `action` while no other process of this machine holds the same lock. Waits for its turn; a lock whose owner is
 * gone is taken over. A process that asks for a lock it already holds waits for itself for ever.
 *
 * A lock is a row of files `1`, `2`, …, of which the last one counts: it names its owner, or says that it is free. Taking
 * the lock is creating the next number, which the file system grants to one process only. A file is removed only while a
 * later one exists, so whoever creates an outdated number sees a later one afterwards.
 *
 * @template T
 * @param {string} path  The lock's own folder, made where it is missing.
 * @param {() => Promise<T>} action
 * @param {LockOptions} [options]
 * @returns {Promise<T>}
 */
export async function holdLock(path, action, { signal, onWait } = {}) {
  // A cache can lie on a disk that several machines share: process numbers mean something on one of them only.
  const row = `${path}@${hostname()}`;
  await mkdir(row, { recursive: true });
  const mine = await acquire(row, signal, onWait);
  try {
    return await action();
  } finally {
    await putAtomically(row, mine, 'free', rename);
  }
}

/**
 * @param {string} row
 * @param {AbortSignal | undefined} signal
 * @param {LockOptions['onWait']} onWait
 * @returns {Promise<number>}
 */
async function acquire(row, signal, onWait) {
  const me = JSON.stringify({ pid: process.pid, started: startTime(process.pid) });
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const last = await lastNumber(row);
    const holder = last === 0 ? undefined : await readHolder(join(row, String(last)));
    if (holder !== undefined) {
      if (!told) onWait?.({ pid: holder.pid, file: join(row, String(last)) });
      told = true;
      await sleep(pollMs, undefined, { signal });
      continue;
    }
    const mine = last + 1;
    if (!(await putAtomically(row, mine, me, link))) continue;
    if ((await lastNumber(row)) === mine) {
      await removeBelow(row, mine);
      return mine;
    }
    await rm(join(row, String(mine)), { force: true });
  }
}

/**
 * Puts a whole file at a number of the row, never a half-written one.
 *
 * @param {string} row
 * @param {number} number
 * @param {string} content
 * @param {(from: string, to: string) => Promise<void>} put  `link` refuses where there is one already, `rename` replaces.
 * @returns {Promise<boolean>}  Whether it could be put there.
 */
async function putAtomically(row, number, content, put) {
  const draft = join(row, `draft-${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(draft, content);
  try {
    await put(draft, join(row, String(number)));
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** @param {string} row */
async function numbers(row) {
  return (await readdir(row)).filter((entry) => /^[0-9]+$/.test(entry)).map(Number);
}

/** @param {string} row */
async function lastNumber(row) {
  return Math.max(0, ...(await numbers(row)));
}

/**
 * @param {string} row
 * @param {number} mine
 */
async function removeBelow(row, mine) {
  for (const number of await numbers(row)) {
    if (number < mine) await rm(join(row, String(number)), { force: true });
  }
}

/**
 * The process that holds a lock file; undefined where it is free, gone, or its owner is.
 *
 * @param {string} file
 * @returns {Promise<{ pid: number } | undefined>}
 */
async function readHolder(file) {
  try {
    const content = await readFile(file, 'utf8');
    if (content === 'free') return undefined;
    const { pid, started } = JSON.parse(content);
    return isRunning(pid) && startTime(pid) === started ? { pid } : undefined;
  } catch (error) {
    // Removed in the meantime, or damaged: in both cases nobody holds it.
    if (error instanceof SyntaxError || /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT')
      return undefined;
    throw error;
  }
}
