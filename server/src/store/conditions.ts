import type { GroupQuery, TaskQuery } from './store.ts';

/** The end of a SELECT, from WHERE on, with the values of its placeholders. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** The tasks that a query asks for, in the order in which they came. */
export function taskCondition({ ids, kind, state, file, origin, split, limit }: TaskQuery): Condition {
  const idList = ids === undefined ? undefined : JSON.stringify(ids);
  return condition(
    [
      ['id IN (SELECT value FROM json_each(?))', idList],
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
export function groupCondition({ runId, kind, role, taskId, limit }: GroupQuery): Condition {
  return condition(
    [
      ['run = ?', runId],
      ['kind = ?', kind],
      ['role = ?', role],
      ['task = ?', taskId],
    ],
    'number',
    limit,
  );
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
