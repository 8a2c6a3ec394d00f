import type { AuditQuery, GroupQuery, SeedQuery, TaskQuery } from './store.ts';

/** The end of a SELECT, from WHERE on, with the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The seeds that a query asks for, in the order in which they came. */
export function seedCondition({ ids, file }: SeedQuery): Condition {
  return condition([idIn(ids), ['file = ?', file]], 'rowid', undefined);
}

/** The tasks that a query asks for, in the order in which they came. */
export function taskCondition({
  ids,
  prefix,
  kind,
  state,
  file,
  origin,
  split,
  limit,
}: TaskQuery): Condition {
  return condition(
    [
      idIn(ids),
      ['instr(id, ?) = 1', prefix],
      ['kind = ?', kind],
      ['state = ?', state],
      ['file = ?', file],
      ['origin = ?', origin],
      // What was kept before there were splits is for training.
      ["coalesce(json_extract(record, '$.split'), 'train') = ?", split],
    ],
    'rowid',
    limit,
  );
}

/** The groups that a query asks for, in the order in which they came. */
export function groupCondition({ ids, runId, kind, role, taskId, limit, newest }: GroupQuery): Condition {
  const parts = [
    idIn(ids),
    ['run = ?', runId],
    ['kind = ?', kind],
    ['role = ?', role],
    ['task = ?', taskId],
  ] as const;
  if (newest === undefined) return condition(parts, 'number', limit);
  const { sql, values } = condition(parts, 'number DESC', newest);
  return { sql: `WHERE number IN (SELECT number FROM groups ${sql}) ORDER BY number`, values };
}

/** The lines of the audit log that a query asks for, oldest first. Details that are no JSON name nothing. */
export function auditCondition({ since, after, taskId, runId, groupIds, limit }: AuditQuery): Condition {
  const groupList = groupIds === undefined ? undefined : JSON.stringify(groupIds);
  return condition(
    [
      ['at >= ?', since],
      ['number > CAST(? AS INTEGER)', after === undefined ? undefined : String(after)],
      [
        `CASE WHEN json_valid(detail) THEN ? IN
          (SELECT value FROM json_each(detail, '$.tasks') UNION ALL SELECT detail ->> '$.task') ELSE 0 END`,
        taskId,
      ],
      ["CASE WHEN json_valid(detail) THEN ? IN (detail ->> '$.runId', detail ->> '$.run') ELSE 0 END", runId],
      [
        `CASE WHEN json_valid(detail) THEN EXISTS (SELECT 1 FROM json_each(detail, '$.groups') AS named
          WHERE named.value IN (SELECT value FROM json_each(?))) ELSE 0 END`,
        groupList,
      ],
    ],
    'number',
    limit,
  );
}

function idIn(ids: readonly string[] | undefined): readonly [string, string | undefined] {
  return ['id IN (SELECT value FROM json_each(?))', ids === undefined ? undefined : JSON.stringify(ids)];
}

function condition(
  parts: readonly (readonly [string, string | undefined])[],
  order: string,
  limit: number | undefined,
): Condition {
  const used = parts.filter((part): part is readonly [string, string] => part[1] !== undefined);
  const where = used.length === 0 ? '' : `WHERE ${used.map(([sql]) => sql).join(' AND ')} `;
  const values = used.map(([, value]) => value);
  if (limit === undefined) return { sql: `${where}ORDER BY ${order}`, values };
  return { sql: `${where}ORDER BY ${order} LIMIT ?`, values: [...values, limit] };
}
