import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import { type AuditEvent, readEvent } from '../../../protocol/audit.ts';
import { Group } from '../../../protocol/group.ts';
import { VerdictName } from '../../../protocol/judge.ts';
import { Kind } from '../../../protocol/kind.ts';
import { PseudoGroup, PseudoLabel } from '../../../protocol/pseudo-label.ts';
import { Review } from '../../../protocol/review.ts';
import { Run } from '../../../protocol/run.ts';
import { Seed } from '../../../protocol/seed.ts';
import { Task } from '../../../protocol/task.ts';
import { auditCondition, groupCondition, seedCondition, taskCondition } from './conditions.ts';
import { type Row, type Statements, statements, transaction } from './connection.ts';
import { leaseOn } from './lease.ts';
import type { Outgoing, Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** The methods of the store that run SQL: what the worker offers, one at a time and synchronously. */
export type Operations = {
  readonly [Name in Exclude<keyof Store, 'path' | 'putAside' | 'close' | 'share'>]: (
    ...args: Parameters<Store[Name]>
  ) => Awaited<ReturnType<Store[Name]>>;
};

/** The most text that one answer to `outgoing` holds, in characters. A single larger group comes alone. */
const outgoingCharacters = 8 * 1024 * 1024;

/** Whether a sample counts as right, in SQL. */
const isRight = `(verdict = 'right' OR verdict = 'gained' AND reward > 0)`;

/** The store's operations on an open database. */
export function operationsOn(database: DatabaseSync): Operations {
  const { run, get, all, each } = statements(database);
  const lease = leaseOn(database);
  const together = (work: () => void) => transaction(database, work);
  const records = <Schema extends z.ZodType>(
    schema: Schema,
    from: string,
    values: readonly (string | number)[],
  ) => all(`SELECT id, record FROM ${from}`, ...values).map((row) => read(schema, row));

  const audit = ({ what, detail }: AuditEvent) => {
    const sql = 'INSERT INTO audit (at, what, detail) VALUES (?, ?, ?)';
    run(sql, new Date().toISOString(), what, JSON.stringify(detail));
  };

  const addTasks = (tasks: readonly Task[]) => {
    const isNew = ({ id }: Task) => get('SELECT id FROM tasks WHERE id = ?', id) === undefined;
    putTasks(tasks.filter(isNew), run);
  };

  return {
    putSeeds: (seeds) =>
      together(() => {
        const sql = `INSERT INTO seeds (id, file, record) VALUES (?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET file = excluded.file, record = excluded.record`;
        for (const seed of seeds) run(sql, seed.id, seed.provenance.file, JSON.stringify(seed));
      }),
    seeds: (query = {}) => {
      const { sql, values } = seedCondition(query);
      return records(Seed, `seeds ${sql}`, values);
    },
    removeSeeds: (ids) =>
      together(() => {
        for (const id of ids) run('DELETE FROM seeds WHERE id = ?', id);
      }),
    putTasks: (tasks) => together(() => putTasks(tasks, run)),
    addTasks: (tasks) => together(() => addTasks(tasks)),
    tasks: (query = {}) => {
      const { sql, values } = taskCondition(query);
      return records(Task, `tasks ${sql}`, values);
    },
    setTaskState: (ids, state, why) =>
      together(() => {
        for (const id of ids) setState(id, state, run);
        if (why !== undefined && ids.length > 0) {
          audit({ what: 'task-state', detail: { tasks: [...ids], state, why } });
        }
      }),
    commitGroup: (group, { tasks = [], stream }) =>
      together(() => {
        addTasks(tasks);
        putGroup(group, run);
        if (stream) run('INSERT INTO outbox ("group") VALUES (?) ON CONFLICT DO NOTHING', group.id);
      }),
    groups: (query = {}) => {
      const { sql, values } = groupCondition(query);
      return records(Group, `groups ${sql}`, values);
    },
    attempts: () => {
      const sql = `SELECT task, count(*) AS attempts, sum(${isRight}) AS "right"
        FROM groups JOIN samples ON samples."group" = groups.id WHERE role = 'solve' GROUP BY task`;
      return all(sql).map((row) => ({
        taskId: String(row['task']),
        attempts: Number(row['attempts']),
        right: Number(row['right']),
      }));
    },
    rates: (digest) => {
      // A run has one version of the model: it ends where that changes.
      const sql = `SELECT task, kind, sum(verdict <> 'unjudgeable') AS judged, sum(${isRight}) AS "right"
        FROM groups JOIN samples ON samples."group" = groups.id
        WHERE role = 'solve' AND run IN (SELECT id FROM runs WHERE json_extract(record, '$.model.digest') = ?)
        GROUP BY task`;
      return all(sql, digest).map((row) => ({
        taskId: String(row['task']),
        kind: Kind.parse(row['kind']),
        right: Number(row['right']),
        judged: Number(row['judged']),
      }));
    },
    answers: (taskIds) => {
      const sql = `SELECT task, answer, verdict, count(*) AS count, sum(${isRight}) AS "right"
        FROM groups JOIN samples ON samples."group" = groups.id
        WHERE role = 'solve' AND task IN (SELECT value FROM json_each(?))
        GROUP BY task, answer, verdict ORDER BY task, count DESC, answer`;
      return all(sql, JSON.stringify(taskIds)).map((row) => ({
        taskId: String(row['task']),
        answer: row['answer'] === null ? null : String(row['answer']),
        verdict: VerdictName.parse(row['verdict']),
        count: Number(row['count']),
        right: Number(row['right']),
      }));
    },
    putPseudoGroup: (group) => {
      const sql = 'INSERT INTO pseudo_groups (id, run, record) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING';
      run(sql, group.id, group.runId, JSON.stringify(group));
    },
    pseudoGroups: (runId) => records(PseudoGroup, 'pseudo_groups WHERE run = ? ORDER BY number', [runId]),
    pseudoLabels: () => {
      const record = `json_remove(record, '$.prompt', '$.samples') AS record`;
      return all(`SELECT id, ${record} FROM pseudo_groups ORDER BY number`).map((row) =>
        read(PseudoLabel, row),
      );
    },
    counts: () => {
      const sql = `SELECT (SELECT count(*) FROM seeds) AS seeds, (SELECT count(*) FROM tasks) AS tasks,
        (SELECT count(*) FROM tasks WHERE state = 'open') AS openTasks,
        (SELECT count(*) FROM groups) AS groups, (SELECT count(*) FROM samples) AS samples,
        (SELECT count(*) FROM outbox WHERE acknowledged = 0) AS outgoing`;
      const row = get(sql) ?? {};
      const count = (name: string) => Number(row[name]);
      return {
        seeds: count('seeds'),
        tasks: count('tasks'),
        openTasks: count('openTasks'),
        groups: count('groups'),
        samples: count('samples'),
        outgoing: count('outgoing'),
      };
    },
    putRun: (record) => {
      const sql = `INSERT INTO runs (id, record) VALUES (?, ?)
        ON CONFLICT (id) DO UPDATE SET record = excluded.record`;
      run(sql, record.id, JSON.stringify(record));
    },
    runs: () => records(Run, 'runs ORDER BY number', []),
    commitReview: (review, { tasks = [], states = [] } = {}) =>
      together(() => {
        const sql = 'INSERT INTO reviews (id, task, record) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING';
        if (run(sql, review.id, review.taskId, JSON.stringify(review)).changes === 0) return;
        addTasks(tasks);
        for (const { taskId, state } of states) setState(taskId, state, run);
        const { id, taskId, decision } = review;
        const reason = decision === 'reject' ? review.reason : null;
        audit({ what: 'reviewed', detail: { review: id, task: taskId, decision, reason } });
      }),
    reviews: (taskId) =>
      taskId === undefined
        ? records(Review, 'reviews ORDER BY rowid', [])
        : records(Review, 'reviews WHERE task = ? ORDER BY rowid', [taskId]),
    reviewCount: () => Number(get('SELECT count(*) AS count FROM reviews')?.['count']),
    outgoing: (limit) => {
      const sql = `SELECT position, id, record FROM outbox JOIN groups ON groups.id = outbox."group"
        WHERE acknowledged = 0 ORDER BY position LIMIT ?`;
      const waiting: Outgoing[] = [];
      let characters = 0;
      for (const row of each(sql, limit)) {
        characters += String(row['record']).length;
        if (waiting.length > 0 && characters > outgoingCharacters) break;
        waiting.push({ position: Number(row['position']), group: read(Group, row) });
      }
      return waiting;
    },
    acknowledge: (position) => {
      run('UPDATE outbox SET acknowledged = 1 WHERE position = ?', position);
    },
    outboxPlaces: (groupIds) => {
      const sql = `SELECT "group", position, acknowledged FROM outbox
        WHERE "group" IN (SELECT value FROM json_each(?)) ORDER BY position`;
      return all(sql, JSON.stringify(groupIds)).map((row) => ({
        groupId: String(row['group']),
        position: Number(row['position']),
        acknowledged: row['acknowledged'] === 1,
      }));
    },
    takeLease: ({ takeOver }) => lease.take(takeOver),
    renewLease: () => lease.renew(),
    releaseLease: () => lease.release(),
    player: () => lease.player(),
    audit,
    auditLog: (query) => {
      const { sql, values } = auditCondition(query);
      return all(`SELECT number, at, what, detail FROM audit ${sql}`, ...values).map((row) => ({
        number: Number(row['number']),
        at: String(row['at']),
        event: readEvent(String(row['what']), String(row['detail'])),
      }));
    },
    note: (name) => {
      const row = get('SELECT value FROM notes WHERE name = ?', name);
      return row === undefined ? undefined : String(row['value']);
    },
    setNote: (name, value) => {
      const sql = `INSERT INTO notes (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
      run(sql, name, value);
    },
    dataVersion: () => Number(get('PRAGMA data_version')?.['data_version']),
  };
}

function setState(id: string, state: Task['state'], run: Statements['run']): void {
  const sql = `UPDATE tasks SET state = ?, record = json_set(record, '$.state', ?) WHERE id = ?`;
  run(sql, state, state, id);
}

function putTasks(tasks: readonly Task[], run: Statements['run']): void {
  // Not REPLACE: it would delete the row, which groups and reviews refer to, and lose its place in the order.
  const sql = `INSERT INTO tasks (id, kind, state, file, origin, record) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, state = excluded.state, file = excluded.file,
      origin = excluded.origin, record = excluded.record`;
  for (const task of tasks) {
    run(sql, task.id, task.kind, task.state, task.unit.file, task.origin, JSON.stringify(task));
  }
}

/** A group that is there already stays as it is: what was acknowledged, and perhaps sent, never changes. */
function putGroup(group: Group, run: Statements['run']): void {
  const task = group.role === 'solve' ? group.taskId : null;
  const sql = `INSERT INTO groups (id, run, kind, role, task, record) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`;
  const { changes } = run(sql, group.id, group.runId, group.kind, group.role, task, JSON.stringify(group));
  if (changes === 0) return;
  for (const { index, verdict, reward, answer } of group.samples) {
    const reason = 'reason' in verdict ? verdict.reason : null;
    const insert =
      'INSERT INTO samples ("group", "index", verdict, reason, reward, answer) VALUES (?, ?, ?, ?, ?, ?)';
    run(insert, group.id, index, verdict.verdict, reason, reward.total, answer);
  }
}

/** A record of the database, which another version may have written. Throws `corrupt` where it is none of ours. */
function read<Schema extends z.ZodType>(schema: Schema, row: Row): z.infer<Schema> {
  const parsed = schema.safeParse(document(row));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(row, issue === undefined ? '' : `: ${issue.path.join('.')}: ${issue.message}`);
}

function document(row: Row): unknown {
  try {
    return JSON.parse(String(row['record']));
  } catch {
    throw unreadable(row, '');
  }
}

function unreadable({ id }: Row, why: string): StoreError {
  const message = `The record ${id} cannot be read${why}. Name another place with --store to begin anew.`;
  return new StoreError('corrupt', message);
}
