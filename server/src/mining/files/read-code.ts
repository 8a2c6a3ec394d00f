import { join } from 'node:path';
import { readNotebook } from '../notebooks/read-notebook.ts';
import { isNotebook, maxBytesOf } from './code-file.ts';
import { readSource, type SourceRead } from './read-source.ts';

/** What was read, or why nothing was. */
export type CodeRead =
  | SourceRead
  | { readonly ok: false; readonly loss: 'not-a-notebook'; readonly detail: string };

/** Where a code file stands, and how large a Python file may be. */
export interface CodePlace {
  readonly folder: string;
  readonly maxFileBytes: number;
}

/**
 * Reads the text of a code file for its words: of a notebook the code of its cells, whether it is Python or not. Never throws for
 * what the file is; rejects only when aborted.
 */
export async function readCode(
  file: string,
  { folder, maxFileBytes }: CodePlace,
  signal: AbortSignal,
): Promise<CodeRead> {
  const read = await readSource(join(folder, file), maxBytesOf(file, maxFileBytes), signal);
  if (!read.ok || !isNotebook(file)) return read;
  const notebook = readNotebook(read.source.text, maxFileBytes);
  if (!notebook.ok) return notebook;
  const text = notebook.cells.map((cell) => `${cell.text}\n\n`).join('');
  return { ok: true, source: { text, hash: read.source.hash } };
}
