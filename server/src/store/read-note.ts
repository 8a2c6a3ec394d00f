import type { z } from 'zod';

/** What a note holds, as JSON of this schema; undefined where there is none, or another version wrote something else. */
export function readNote<Schema extends z.ZodType>(
  schema: Schema,
  note: string | undefined,
): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(note ?? 'null')).data;
  } catch {
    return undefined;
  }
}
