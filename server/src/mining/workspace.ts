import { join } from 'node:path';
import { isNotebook } from './files/code-file.ts';
import { type ModuleFiles, moduleFiles } from './files/module-files.ts';
import { readCode } from './files/read-code.ts';
import type { KeptTrees } from './kept-trees.ts';
import { loadNotebook } from './notebooks/load-notebook.ts';
import { createPacer } from './pacer.ts';
import { faultIn, faultText } from './python-fault.ts';
import { parsePythonInSlices } from './python-parser.ts';
import { type Module, readModule } from './slicing/module.ts';
import { noPackages, type Packages } from './slicing/standard-library.ts';

export interface FileLoss {
  readonly loss: 'unreadable' | 'not-utf8' | 'too-large' | 'not-a-notebook' | 'syntax';
  readonly detail: string;
}

export type Loaded =
  | {
      readonly ok: true;
      readonly module: Module;
      /** What of the file is not in the module: cells of a notebook. */
      readonly lost: readonly FileLoss[];
    }
  | ({ readonly ok: false } & FileLoss);

/** The code files of a folder as modules, parsed when they are asked for; the ones used last are kept. */
export interface Workspace extends ModuleFiles {
  /** What its programs can import beside the standard library. */
  readonly packages: Packages;
  load(file: string, signal: AbortSignal): Promise<Loaded>;
}

/** Characters of source whose parsed modules are kept. */
const keptCharacters = 2 * 1024 * 1024;

/** A folder, and how its code files are read. */
export interface LoadOptions {
  /** Absolute path. */
  readonly folder: string;
  readonly maxFileBytes: number;
  /** What its modules can import beside the standard library; nothing where absent. */
  readonly packages?: Packages | undefined;
  /** Trees of earlier versions, so that an edit parses only what it changed; by the files' absolute paths. */
  readonly trees?: KeptTrees;
}

/** `files`: those that can be imported. Others, notebooks, can be loaded, too. */
export function openWorkspace(files: readonly string[], options: LoadOptions): Workspace {
  const kept = new Map<string, Loaded>();
  let characters = 0;
  const size = (loaded: Loaded) => (loaded.ok ? loaded.module.tree.text.length : 0);
  return {
    ...moduleFiles(files),
    packages: options.packages ?? noPackages,
    async load(file, signal) {
      const known = kept.get(file);
      const loaded = known ?? (await loadModule(file, options, signal));
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

/** Reads and parses one code file of a folder. */
export async function loadModule(
  file: string,
  { folder, maxFileBytes, trees, packages = noPackages }: LoadOptions,
  signal: AbortSignal,
): Promise<Loaded> {
  if (isNotebook(file)) return loadNotebook(file, { folder, maxFileBytes, packages }, signal);
  const read = await readCode(file, { folder, maxFileBytes }, signal);
  if (!read.ok) return read;
  const { text, hash } = read.source;
  const tree = await (trees?.parse(join(folder, file), text, signal) ?? parsePythonInSlices(text, signal));
  const fault = faultIn(tree);
  if (fault !== undefined) return { ok: false, loss: 'syntax', detail: faultText(fault) };
  return { ok: true, module: await readModule(file, hash, tree, createPacer(signal), packages), lost: [] };
}

/** Of installed packages those that a program of a folder with these files may import: its own modules are always sliced. */
export function packagesBeside(files: readonly string[], installed: Packages): Packages {
  const { owns } = moduleFiles(files);
  return new Set([...installed].filter((name) => !owns(name)));
}
