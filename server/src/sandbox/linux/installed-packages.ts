import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { opendir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { inside } from './python.ts';

/** What is installed for an interpreter, by the names in its folders of packages. */
export interface InstalledPackages {
  /** Real paths, in the order in which the interpreter searches them. */
  readonly folders: readonly string[];
  /** Names of the modules at their top. */
  readonly modules: ReadonlySet<string>;
  /** Tells this set of distributions with their versions from every other one: 12 hex digits. */
  readonly print: string;
}

/** No environment has so many names in one folder; one that has is left out. */
const maxEntries = 50_000;

/**
 * Reads what folders of packages hold, by names alone. Folders that do not exist, cannot be read or are not called as such
 * folders are, are left out: an interpreter may answer anything, and what it names is shown to programs.
 */
export async function installedPackages(
  named: readonly string[],
  signal: AbortSignal,
): Promise<InstalledPackages> {
  const real = await Promise.all(named.map((folder) => realpath(folder).catch(() => undefined)));
  const folders: string[] = [];
  const modules = new Set<string>();
  const distributions = new Set<string>();
  for (const folder of new Set(real)) {
    if (folder === undefined || !/^(site|dist)-packages$/.test(path.basename(folder))) continue;
    const entries = await entriesOf(folder, signal);
    if (entries === undefined) continue;
    folders.push(folder);
    for (const entry of entries) {
      if (/\.(dist|egg)-info$/.test(entry.name)) distributions.add(entry.name);
      const module = moduleOf(entry);
      if (module !== undefined && (await isWithin(folder, entry))) modules.add(module);
    }
  }
  const text = [...distributions].sort().join('\n');
  return { folders, modules, print: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}

async function entriesOf(folder: string, signal: AbortSignal): Promise<readonly Dirent[] | undefined> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      signal.throwIfAborted();
      if (entries.push(entry) > maxEntries) return undefined;
    }
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
  return entries;
}

/** The module that an entry of the folder is: `six.py`, `_x.cpython-311-x86_64-linux-gnu.so`, a folder. */
function moduleOf(entry: Dirent): string | undefined {
  const [, name, ending] =
    /^([\p{ID_Start}_][\p{ID_Continue}]*)(\.py|\.(?:[\w-]+\.)?so)?$/u.exec(entry.name) ?? [];
  if (name === undefined || name === '__pycache__') return undefined;
  return ending === undefined && entry.isFile() ? undefined : name;
}

/** Whether an entry is not a link to a place that programs do not see. */
async function isWithin(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return true;
  const real = await realpath(path.join(folder, entry.name)).catch(() => undefined);
  return real !== undefined && inside(folder, real);
}
