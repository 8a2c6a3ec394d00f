import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from './store-error.ts';

/**
 * Makes the database's file, and the folders that are missing, private to the user: it holds their code. SQLite gives the
 * files beside it the same mode. Rejects with `disk-full` or `read-only`.
 */
export async function makePrivatePlace(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await (await open(path, 'a', 0o600)).close();
    await chmod(path, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new StoreError('disk-full', `There is no room for records in ${folder}. Free some.`);
    }
    const message = `Records cannot be kept in ${folder} (${code}). Make it writable, or name another place with --store.`;
    throw new StoreError('read-only', message);
  }
}
