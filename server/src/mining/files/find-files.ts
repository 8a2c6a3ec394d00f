import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import ignore from 'ignore';
import { isNotebook } from './code-file.ts';
import { type IgnoreRules, isIgnored, readIgnoreRules, rulesAbove } from './ignore-rules.ts';

export interface FoundFiles {
  /** Python files, paths within the folder with forward slashes, in the order of their names. */
  readonly python: readonly string[];
  /** Notebooks, as far as other files are not asked for. */
  readonly notebooks: readonly string[];
  /** Documents that can hold examples: `.rst`, `.md`, `.txt`. */
  readonly documents: readonly string[];
  /** All other files, where they are asked for, and ignored ones that builds leave beside the code. */
  readonly others: readonly string[];
  /** Code files and folders that were passed over: ignored, excluded, not the project's own. */
  readonly skipped: number;
  /** There are more code files than were asked for. */
  readonly truncated: boolean;
  /** Folders that could not be listed. */
  readonly unreadable: readonly string[];
}

export interface FindOptions {
  readonly folder: string;
  /** Patterns as in `.gitignore`. */
  readonly exclude: readonly string[];
  /** Most Python files and notebooks together. */
  readonly maxFiles: number;
  /** Whether files that are neither code nor documents are found, too. */
  readonly withOthers?: boolean;
}

/** Files that builds leave beside the code, ignored as a rule. */
const made = /^[^.].*\.(py|so|pyd)$/;

/** Code of others, wherever it stands. */
const foreignFolders = new Set([
  'node_modules',
  'site-packages',
  '__pycache__',
  'vendor',
  '_vendor',
  'vendored',
  '_vendored',
  'third_party',
  'thirdparty',
]);
/** Build output, unless the folder is a package. */
const outputFolders = new Set(['build', 'dist', 'wheels']);
const documentPattern = /\.(?:rst|md|txt)$/i;
/** More documents than this hold no more calls of a project's functions. */
const maxDocuments = 2_000;
/** More other files than this are no data of tests. */
const maxOthers = 20_000;

/** Finds the files of a folder that mining reads. Links are not followed. */
export async function findFiles(options: FindOptions, signal: AbortSignal): Promise<FoundFiles> {
  const { folder, maxFiles, withOthers = false } = options;
  const excluded = ignore().add([...options.exclude]);
  const python: string[] = [];
  const notebooks: string[] = [];
  const documents: string[] = [];
  const others: string[] = [];
  const unreadable: string[] = [];
  let skipped = 0;
  let truncated = false;
  const waiting: { path: string; rules: readonly IgnoreRules[] }[] = [
    { path: '', rules: await rulesAbove(folder) },
  ];
  for (let next = waiting.pop(); next !== undefined && !truncated; next = waiting.pop()) {
    signal.throwIfAborted();
    const at = join(folder, next.path);
    const entries = await list(at);
    if (entries === undefined) {
      unreadable.push(next.path);
      continue;
    }
    const names = new Set(entries.map(({ name }) => name));
    if (next.path !== '' && isForeign(next.path, names)) {
      skipped++;
      continue;
    }
    const own = names.has('.gitignore') ? await readIgnoreRules(at) : undefined;
    const rules = own === undefined ? next.rules : [...next.rules, own];
    const folders: string[] = [];
    for (const entry of entries) {
      const path = next.path === '' ? entry.name : `${next.path}/${entry.name}`;
      const isFolder = entry.isDirectory();
      const isPython = entry.isFile() && entry.name.endsWith('.py');
      const isOfCells = entry.isFile() && isNotebook(entry.name);
      const isDocument = entry.isFile() && documentPattern.test(entry.name);
      const isOther = withOthers && entry.isFile() && !isPython;
      if (!isFolder && !isPython && !isOfCells && !isDocument && !isOther) continue;
      const absolute = join(folder, path) + (isFolder ? sep : '');
      if (
        entry.name.startsWith('.') ||
        excluded.ignores(isFolder ? `${path}/` : path) ||
        isIgnored(absolute, rules)
      ) {
        if (isFolder || isPython || isOfCells) skipped++;
        // Tests need what was made beside the code: a version, a compiled module.
        if (withOthers && made.test(entry.name) && !excluded.ignores(path)) others.push(path);
      } else if (isFolder) {
        folders.push(path);
      } else if (isOther) {
        if (others.length < maxOthers) others.push(path);
      } else if (isDocument) {
        if (documents.length < maxDocuments) documents.push(path);
      } else if (python.length + notebooks.length === maxFiles) {
        truncated = true;
      } else {
        (isPython ? python : notebooks).push(path);
      }
    }
    for (const path of folders.reverse()) waiting.push({ path, rules });
  }
  return { python, notebooks, documents, others, skipped, truncated, unreadable };
}

async function list(path: string): Promise<Dirent[] | undefined> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}

function isForeign(path: string, names: ReadonlySet<string>): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (foreignFolders.has(name) || name.endsWith('.egg-info')) return true;
  if (outputFolders.has(name)) return !names.has('__init__.py');
  return names.has('pyvenv.cfg') || names.has('conda-meta');
}
