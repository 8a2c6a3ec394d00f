import { join } from 'node:path';
import { type ModuleFiles, moduleFiles } from './files/module-files.ts';
import { readSource } from './files/read-source.ts';
import { createPacer } from './pacer.ts';
import { parsePythonInSlices } from './python-parser.ts';
import { type Module, readModule } from './slicing/module.ts';
import { noPackages, type Packages } from './slicing/standard-library.ts';
import { descendants, lineAt } from './syntax/syntax.ts';

export interface FileLoss {
  readonly loss: 'unreadable' | 'not-utf8' | 'too-large' | 'syntax';
  readonly detail: string;
}

export type Loaded = { readonly ok: true; readonly module: Module } | ({ readonly ok: false } & FileLoss);

/** The Python modules of a folder, parsed when they are asked for; the ones used last are kept. */
export interface Workspace extends ModuleFiles {
  /** What its programs can import beside the standard library. */
  readonly packages: Packages;
  load(file: string, signal: AbortSignal): Promise<Loaded>;
}

/** Characters of source whose parsed modules are kept. */
const keptCharacters = 2 * 1024 * 1024;

export function openWorkspace(
  folder: string,
  files: readonly string[],
  { maxFileBytes, packages = noPackages }: { readonly maxFileBytes: number; readonly packages?: Packages },
): Workspace {
  const kept = new Map<string, Loaded>();
  let characters = 0;
  const size = (loaded: Loaded) => (loaded.ok ? loaded.module.tree.text.length : 0);
  return {
    ...moduleFiles(files),
    packages,
    async load(file, signal) {
      const known = kept.get(file);
      const loaded = known ?? (await loadModule({ folder, maxFileBytes, packages }, file, signal));
      if (known === undefined) characters += size(loaded);
      kept.delete(file);
      kept.set(file, loaded);
      for (const [oldest, its] of kept) {
        if (characters <= keptCharacters || oldest === file) break;
        kept.delete(oldest);
        characters -= size(its);
      }
      return loaded;
    },
  };
}

/** Of installed packages those that a program of a folder with these files may import: its own modules are always sliced. */
export function packagesBeside(files: readonly string[], installed: Packages): Packages {
  const { owns } = moduleFiles(files);
  return new Set([...installed].filter((name) => !owns(name)));
}

/** How modules of a folder are read: how much of a file at most, and what they can import. */
export interface Reading {
  readonly folder: string;
  readonly maxFileBytes: number;
  readonly packages: Packages;
}

/** Reads and parses one file of a folder. */
export async function loadModule(
  { folder, maxFileBytes, packages }: Reading,
  file: string,
  signal: AbortSignal,
): Promise<Loaded> {
  const read = await readSource(join(folder, file), maxFileBytes, signal);
  if (!read.ok) return read;
  const { text, hash } = read.source;
  const tree = await parsePythonInSlices(text, signal);
  if (tree.errorAt !== null) {
    return { ok: false, loss: 'syntax', detail: `line ${lineAt(text, tree.errorAt)}` };
  }
  for (const node of descendants(tree.root)) {
    if (!['print_statement', 'exec_statement', 'chevron'].includes(node.type)) continue;
    return { ok: false, loss: 'syntax', detail: `line ${lineAt(text, node.start)}: Python 2` };
  }
  return { ok: true, module: await readModule(file, hash, tree, createPacer(signal), packages) };
}
