import { mkdir, rename, rmdir, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Nobody takes so long to put a database aside: whoever began died, milliseconds. */
const staleMs = 10_000;

/**
 * Puts a damaged database aside with what belongs to it, under a name that says when; gives its new path. The database
 * itself goes last: until then it is found damaged again, and what belonged to it can never be taken for a new one's.
 */
export async function putAside(path: string, now: Date): Promise<string> {
  const aside = `${path}.corrupt-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['-wal', '-shm', '']) {
    await rename(path + suffix, aside + suffix).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  return aside;
}

/** Does the work while no other process puts this database aside: it could take the new one for the damaged one. */
export async function whileNobodyPutsAside<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.putting-aside`;
  while (!(await makeFolder(lock))) {
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > staleMs) await rmdir(lock).catch(() => undefined);
    else await wait(50);
  }
  try {
    return await work();
  } finally {
    await rmdir(lock);
  }
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
