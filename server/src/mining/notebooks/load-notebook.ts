import { join } from 'node:path';
import { maxBytesOf } from '../files/code-file.ts';
import { readSource } from '../files/read-source.ts';
import { createPacer } from '../pacer.ts';
import { readModule } from '../slicing/module.ts';
import type { Loaded, LoadOptions } from '../workspace.ts';
import { notebookTree } from './notebook-tree.ts';
import { readNotebook } from './read-notebook.ts';

/** Reads a notebook of a folder as one module of its code cells. Cells that cannot be read hide no others. */
export async function loadNotebook(
  file: string,
  { folder, maxFileBytes, packages }: LoadOptions,
  signal: AbortSignal,
): Promise<Loaded> {
  const read = await readSource(join(folder, file), maxBytesOf(file, maxFileBytes), signal);
  if (!read.ok) return read;
  const notebook = readNotebook(read.source.text, maxFileBytes);
  if (!notebook.ok) return notebook;
  const python = await notebookTree(notebook.cells, signal);
  if (python === undefined)
    return { ok: false, loss: 'syntax', detail: 'too many cells that do not go together' };
  const { tree, lines } = python;
  const module = await readModule(file, read.source.hash, tree, createPacer(signal), packages);
  return {
    ok: true,
    module: { ...module, lines },
    lost: [
      ...notebook.lost.map((detail) => ({ loss: 'not-a-notebook', detail }) as const),
      ...python.lost.map((detail) => ({ loss: 'syntax', detail }) as const),
    ],
  };
}
