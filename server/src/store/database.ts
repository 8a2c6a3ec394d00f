import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Group } from '../../../protocol/group.ts';
import { Review } from '../../../protocol/review.ts';
import { Run } from '../../../protocol/run.ts';
import { Seed } from '../../../protocol/seed.ts';
import { Task } from '../../../protocol/task.ts';
import { Lease } from './lease.ts';
import { migrate } from './schema.ts';
import type { GroupQuery, Outgoing, Store, TaskQuery } from './store.ts';

/** The methods of the store that run SQL: what the worker offers, one at a time and synchronously. */
export type Operations = {
  readonly [Name in Exclude<keyof Store, 'path' | 'putAside' | 'close'>]: (
    ...args: Parameters<Store[Name]>
  ) => Awaited<ReturnType<Store[Name]>>;
};

/**
 * Opens the database and gives its operations. `synchronous=FULL`: with it a commit in WAL mode is on the disk when it
 * returns, so that an acknowledged record survives a power cut too, not only `kill -9`.
 */
export function openDatabase(
  path: string,
  { maxPages }: { readonly maxPages: number | undefined },
): { readonly operations: Operations; close(): void } {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return { operations: operations(database), close: () => database.close() };
}

function operations(database: DatabaseSync): Operations {
  const lease = new Lease(database);
  const run = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).run(...values);
  const all = (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).all(...values);
  const transaction = (work: () => void) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  const putTask = (task: Task) => {
    const { id, kind, state, unit, origin } = task;
    const sql =
      'INSERT OR REPLACE INTO tasks (id, kind, state, file, origin, record) VALUES (?, ?, ?, ?, ?, ?)';
    run(sql, id, kind, state, unit.file, origin, JSON.stringify(task));
  };
  return {
    putSeeds: (seeds) =>
      transaction(() => {
        const sql = 'INSERT OR REPLACE INTO seeds (id, file, record) VALUES (?, ?, ?)';
        for (const seed of seeds) run(sql, seed.id, seed.provenance.file, JSON.stringify(seed));
      }),
    seeds: () => all('SELECT record FROM seeds ORDER BY rowid').map((row) => Seed.parse(document(row))),
    removeSeeds: (ids) =>
      transaction(() => {
        for (const id of ids) run('DELETE FROM seeds WHERE id = ?', id);
      }),
    putTasks: (tasks) => transaction(() => tasks.forEach(putTask)),
    tasks: (query = {}) => {
      const { where, values } = taskCondition(query);
      const rows = all(`SELECT record FROM tasks ${where} ORDER BY rowid ${limited(query)}`, ...values);
      return rows.map((row) => Task.parse(document(row)));
    },
    setTaskState: (ids, state) =>
      transaction(() => {
        const sql = `UPDATE tasks SET state = ?, record = json_set(record, '$.state', ?) WHERE id = ?`;
        for (const id of ids) run(sql, state, state, id);
      }),
    commitGroup: (group, { tasks = [], stream }) =>
      transaction(() => {
        tasks.forEach(putTask);
        putGroup(group, run);
        if (stream) run('INSERT OR IGNORE INTO outbox ("group") VALUES (?)', group.id);
      }),
    groups: (query = {}) => {
      const { where, values } = groupCondition(query);
      const rows = all(`SELECT record FROM groups ${where} ORDER BY number ${limited(query)}`, ...values);
      return rows.map((row) => Group.parse(document(row)));
    },
    putRun: (record) => {
      const sql =
        'INSERT INTO runs (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record';
      run(sql, record.id, JSON.stringify(record));
    },
    runs: () => all('SELECT record FROM runs ORDER BY number').map((row) => Run.parse(document(row))),
    putReview: (review) => {
      const sql = 'INSERT OR REPLACE INTO reviews (id, task, record) VALUES (?, ?, ?)';
      run(sql, review.id, review.taskId, JSON.stringify(review));
    },
    reviews: (taskId) => {
      const rows =
        taskId === undefined
          ? all('SELECT record FROM reviews ORDER BY rowid')
          : all('SELECT record FROM reviews WHERE task = ? ORDER BY rowid', taskId);
      return rows.map((row) => Review.parse(document(row)));
    },
    outgoing: (limit) => {
      const sql = `SELECT position, record FROM outbox JOIN groups ON groups.id = outbox."group"
        WHERE acknowledged = 0 ORDER BY position LIMIT ?`;
      return all(sql, limit).map(
        (row): Outgoing => ({ position: Number(row['position']), group: Group.parse(document(row)) }),
      );
    },
    acknowledge: (position) => {
      run('UPDATE outbox SET acknowledged = 1 WHERE position = ?', position);
    },
    takeLease: (options) => lease.take(options),
    renewLease: () => lease.renew(),
    releaseLease: () => lease.release(),
    audit: ({ what, detail }) => {
      const sql = 'INSERT INTO audit (at, what, detail) VALUES (?, ?, ?)';
      run(sql, new Date().toISOString(), what, JSON.stringify(detail));
    },
    note: (name) => {
      const row = database.prepare('SELECT value FROM notes WHERE name = ?').get(name);
      return row === undefined ? undefined : String(row['value']);
    },
    setNote: (name, value) => {
      run('INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)', name, value);
    },
  };
}

function putGroup(group: Group, run: (sql: string, ...values: SQLInputValue[]) => unknown): void {
  const task = group.role === 'solve' ? group.taskId : null;
  const sql = 'INSERT OR IGNORE INTO groups (id, run, kind, role, task, record) VALUES (?, ?, ?, ?, ?, ?)';
  run(sql, group.id, group.runId, group.kind, group.role, task, JSON.stringify(group));
  for (const { index, verdict, reward } of group.samples) {
    const reason = 'reason' in verdict ? verdict.reason : null;
    const insert =
      'INSERT OR IGNORE INTO samples ("group", "index", verdict, reason, reward) VALUES (?, ?, ?, ?, ?)';
    run(insert, group.id, index, verdict.verdict, reason, reward.total);
  }
}

function taskCondition({ ids, kind, state, file, origin }: TaskQuery) {
  return condition([
    ['id IN (SELECT value FROM json_each(?))', ids === undefined ? undefined : JSON.stringify(ids)],
    ['kind = ?', kind],
    ['state = ?', state],
    ['file = ?', file],
    ['origin = ?', origin],
  ]);
}

function groupCondition({ runId, kind, role, taskId }: GroupQuery) {
  return condition([
    ['run = ?', runId],
    ['kind = ?', kind],
    ['role = ?', role],
    ['task = ?', taskId],
  ]);
}

function condition(parts: readonly (readonly [string, string | undefined])[]): {
  where: string;
  values: string[];
} {
  const used = parts.filter((part): part is readonly [string, string] => part[1] !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')}`;
  return { where, values: used.map(([, value]) => value) };
}

function limited({ limit }: { readonly limit?: number }): string {
  return limit === undefined ? '' : `LIMIT ${Math.trunc(limit)}`;
}

function document(row: Record<string, unknown>): unknown {
  return JSON.parse(String(row['record']));
}
