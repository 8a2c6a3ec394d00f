import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreError } from './store-error.ts';

/** How long a writer waits for another process's transaction, milliseconds. */
const lockTimeoutMs = 5_000;

/**
 * Opens a database file and sees that it is sound. WAL lets other processes read while one writes. `synchronous=FULL`:
 * with it a commit in WAL mode is on the disk when it returns, so that an acknowledged record survives a power cut too;
 * `NORMAL` would survive `kill -9` only. Throws SQLite's errors, or `corrupt`.
 */
export function openDatabase(path: string, maxPages: number | undefined): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: lockTimeoutMs });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    const [finding] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {});
    if (finding !== 'ok') throw new StoreError('corrupt', `${path} is damaged: ${finding}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Runs all of the work or none of it. Takes the write lock at once, so that it cannot fail for want of it half-way. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection's statements, each prepared once. */
export interface Statements {
  run(sql: string, ...values: SQLInputValue[]): { readonly changes: number };
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /** Rows one at a time: for those that may be too large together. */
  each(sql: string, ...values: SQLInputValue[]): IterableIterator<Row>;
}

export function statements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  return {
    run: (sql, ...values) => ({ changes: Number(statement(sql).run(...values).changes) }),
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    each: (sql, ...values) => statement(sql).iterate(...values),
  };
}
