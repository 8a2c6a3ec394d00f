import { z } from 'zod';
import { Kind } from './kind.ts';

/** URI of a workspace folder, as the client names it. */
export const FolderUri = z.string();

/** Rows of the task tree that have rows below them: folder › file › function › kind › task. */
const folderRow = z.object({ type: z.literal('folder'), folder: FolderUri });
const fileRow = z.object({ type: z.literal('file'), folder: FolderUri, file: z.string() });
const functionRow = fileRow.extend({ type: z.literal('function'), symbol: z.string() });
const kindRow = functionRow.extend({ type: z.literal('kind'), kind: Kind });

/** Names a row whose children are asked for. */
export const TreeParent = z.discriminatedUnion('type', [folderRow, fileRow, functionRow, kindRow]);
export type TreeParent = z.infer<typeof TreeParent>;

/** How often the model was right. */
export const ModelRecord = z.object({
  right: z.number().int().nonnegative(),
  attempts: z.number().int().nonnegative(),
});
export type ModelRecord = z.infer<typeof ModelRecord>;

/** One task as lists show it. */
export const TaskSummary = z.object({
  folder: FolderUri,
  id: z.string(),
  kind: Kind,
  /** Path within the folder, with forward slashes, and the function's qualified name. */
  file: z.string(),
  symbol: z.string(),
  /** URI of the document that shows it. */
  document: z.string(),
  /** The question on one short line, without its answer; control and bidirectional characters made visible. */
  question: z.string(),
  /** `stale`: its function changed or is gone. Retired tasks are not listed. */
  state: z.enum(['open', 'stale']),
  /** Nothing is learnt from it: it tells how well the model does on what it never saw. */
  isHeldOut: z.boolean(),
  record: ModelRecord,
});
export type TaskSummary = z.infer<typeof TaskSummary>;

const counts = { tasks: z.number().int(), record: ModelRecord };

/** A row as it is shown: rows with children count the tasks below them. */
export const TreeRow = z.discriminatedUnion('type', [
  folderRow.extend({ ...counts, name: z.string() }),
  fileRow.extend(counts),
  /** `line` counts from 1 and is where the function stood when it was mined. */
  functionRow.extend({ ...counts, line: z.number().int().positive() }),
  kindRow.extend(counts),
  z.object({ type: z.literal('task'), task: TaskSummary }),
]);
export type TreeRow = z.infer<typeof TreeRow>;
