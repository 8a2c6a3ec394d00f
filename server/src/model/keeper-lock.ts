import { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a file that another process holds. */
const busy = 5;

/** A lock that the system takes back when its holder dies, however it dies. */
export interface KeeperLock {
  release(): void;
}

/**
 * Takes the lock on a file, made where it is missing; undefined where another process holds it. Node has no file locks of
 * its own; SQLite's are those of the system, on every platform.
 */
export function takeKeeperLock(file: string): KeeperLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
