import { isNotebook } from './files/code-file.ts';
import { type ModuleFiles, moduleFiles } from './files/module-files.ts';
import { readCode } from './files/read-code.ts';
import { loadNotebook } from './notebooks/load-notebook.ts';
import { createPacer } from './pacer.ts';
import { faultIn, faultText } from './python-fault.ts';
import { parsePythonInSlices } from './python-parser.ts';
import { type Module, readModule } from './slicing/module.ts';

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
  load(file: string, signal: AbortSignal): Promise<Loaded>;
}

/** Characters of source whose parsed modules are kept. */
const keptCharacters = 2 * 1024 * 1024;

/** `files`: those that can be imported. Others, notebooks, can be loaded, too. */
export function openWorkspace(
  folder: string,
  files: readonly string[],
  { maxFileBytes }: { readonly maxFileBytes: number },
): Workspace {
  const kept = new Map<string, Loaded>();
  let characters = 0;
  const size = (loaded: Loaded) => (loaded.ok ? loaded.module.tree.text.length : 0);
  return {
    ...moduleFiles(files),
    async load(file, signal) {
      const known = kept.get(file);
      const loaded = known ?? (await loadModule(folder, file, maxFileBytes, signal));
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
  folder: string,
  file: string,
  maxFileBytes: number,
  signal: AbortSignal,
): Promise<Loaded> {
  if (isNotebook(file)) return loadNotebook(file, { folder, maxFileBytes }, signal);
  const read = await readCode(file, { folder, maxFileBytes }, signal);
  if (!read.ok) return read;
  const { text, hash } = read.source;
  const tree = await parsePythonInSlices(text, signal);
  const fault = faultIn(tree);
  if (fault !== undefined) return { ok: false, loss: 'syntax', detail: faultText(fault) };
  return { ok: true, module: await readModule(file, hash, tree, createPacer(signal)), lost: [] };
}
