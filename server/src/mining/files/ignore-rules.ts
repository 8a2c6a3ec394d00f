import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Rules of one folder, for paths below it. */
export interface IgnoreRules {
  /** Absolute path of the folder that the rules stand in. */
  readonly base: string;
  readonly rules: Ignore;
}

/** A larger file than this is no list of patterns. */
const maxBytes = 256 * 1024;

/** Reads a folder's `.gitignore`; undefined where it has none that can be read. */
export async function readIgnoreRules(folder: string): Promise<IgnoreRules | undefined> {
  const path = join(folder, '.gitignore');
  try {
    const { size } = await stat(path);
    if (size > maxBytes) return undefined;
    return { base: folder, rules: ignore().add(await readFile(path, 'utf8')) };
  } catch {
    return undefined;
  }
}

/** Rules of the folders above one, up to the root of its repository; none where they ignore the folder as a whole. */
export async function rulesAbove(folder: string): Promise<IgnoreRules[]> {
  const above: IgnoreRules[] = [];
  let at = folder;
  while (!(await exists(join(at, '.git')))) {
    const parent = dirname(at);
    if (parent === at) return [];
    at = parent;
    const rules = await readIgnoreRules(at);
    if (rules !== undefined) above.unshift(rules);
  }
  return isIgnored(`${folder}${sep}`, above) ? [] : above;
}

/** Whether git would ignore a path; a folder's path ends with a separator. The innermost rules that say something decide. */
export function isIgnored(path: string, all: readonly IgnoreRules[]): boolean {
  for (const { base, rules } of all.toReversed()) {
    const within = relative(base, path).split(sep).join('/');
    if (within === '' || within.startsWith('..')) continue;
    const { ignored, unignored } = rules.test(path.endsWith(sep) ? `${within}/` : within);
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
