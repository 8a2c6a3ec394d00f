import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { batchLimits, batchText } from './batch.ts';
import { lastLineEnd, lastLines } from './file-tail.ts';
import { StreamError } from './stream-error.ts';
import type { Delivery, Target } from './target.ts';

/** What every file of ours begins with. Another file is never written to, since a half-written last line is cut off. */
const beginning = '{"schema":';

const Written = z.object({ id: z.string() });

/**
 * A file of NDJSON that groups are appended to, flushed to the disk before they count as delivered. A line that a crash
 * cut off is removed; groups that were written before a crash and not acknowledged are found again and not repeated. One
 * process writes a file at a time. Rejects with `unwritable`, `bad-target` or `not-a-stream`.
 */
export async function fileTarget(file: string): Promise<Target> {
  await withFile(file, (handle) => checkOurs(handle, file));
  /** Whether the end of the file may hold groups that were not acknowledged: at first, and after a failure. */
  let unsure = true;
  return {
    name: file,
    deliver: (batch) =>
      delivery(file, () =>
        withFile(file, async (handle) => {
          await checkOurs(handle, file);
          const size = await cutHalfLine(handle);
          const written = unsure ? await lastIds(handle, size) : new Set<string>();
          unsure = true;
          await handle.writeFile(batchText(batch.filter(({ id }) => !written.has(id))));
          await handle.sync();
          unsure = false;
        }),
      ),
    close: () => Promise.resolve(),
  };
}

/** Opens the file for each delivery, so that one that was moved away is begun anew. Made private: it holds code. */
async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const { O_RDWR, O_CREAT, O_APPEND, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK, 0o600).catch(
    (error: NodeJS.ErrnoException) => {
      if (isFull(error)) throw error;
      throw new StreamError(
        'unwritable',
        `${file} cannot be written (${error.code}). Name another file to stream to.`,
      );
    },
  );
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new StreamError('bad-target', `${file} is no file. Name a file to stream to.`);
    if (found.size === 0) await syncFolder(path.dirname(file));
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Makes a new file's name durable, where the system lets a folder be flushed (Windows does not). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function checkOurs(handle: FileHandle, file: string): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning.length), 0, beginning.length, 0);
  if (beginning.startsWith(buffer.subarray(0, bytesRead).toString('latin1'))) return;
  throw new StreamError('not-a-stream', `${file} holds something else than groups. Name another file.`);
}

/** Removes what stands after the last line end; gives the size that is left. */
async function cutHalfLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const whole = await lastLineEnd(handle, size);
  if (whole < size) await handle.truncate(whole);
  return whole;
}

/** The ids of as many groups as one delivery can hold, from the end of the file. */
async function lastIds(handle: FileHandle, size: number): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const line of await lastLines(handle, size, { lines: batchLimits.groups, bytes: batchLimits.bytes })) {
    try {
      ids.add(Written.parse(JSON.parse(line)).id);
    } catch {
      // A line that is none of ours says nothing about what was written.
    }
  }
  return ids;
}

async function delivery(file: string, write: () => Promise<void>): Promise<Delivery> {
  try {
    await write();
    return { outcome: 'delivered' };
  } catch (error) {
    if (StreamError.is(error, 'not-a-stream'))
      return { outcome: 'stop', reason: 'not-a-stream', detail: error.message };
    if (StreamError.is(error)) return { outcome: 'stop', reason: 'unwritable', detail: error.message };
    if (isFull(error)) {
      return {
        outcome: 'later',
        reason: 'disk-full',
        detail: `The disk of ${file} is full. Free some room.`,
      };
    }
    const { code } = error as NodeJS.ErrnoException;
    return { outcome: 'stop', reason: 'unwritable', detail: `${file} cannot be written (${code}).` };
  }
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
