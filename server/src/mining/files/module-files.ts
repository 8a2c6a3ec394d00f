/** Finds the files of a folder that import statements mean. */
export interface ModuleFiles {
  /** `module` as an import statement in `from` writes it: `pkg.core`, `.core`, `..`. Undefined where it is not of this folder. */
  find(module: string, from: string): string | undefined;
  /** Whether a module's name, or the first part of one, is one of the folder's own. */
  owns(name: string): boolean;
  /** The topmost package that holds a file; of a file outside of packages, the name of its module. */
  packageOf(file: string): string;
}

/** Knows the modules of a folder by its files alone (paths with forward slashes). */
export function moduleFiles(files: readonly string[]): ModuleFiles {
  const known = new Set(files);
  const byName = new Map<string, string[]>();
  const tops = new Set<string>();
  for (const file of files) {
    for (const name of moduleNames(file, known)) {
      tops.add(name.split('.', 1)[0] ?? name);
      const its = byName.get(name);
      if (its === undefined) byName.set(name, [file]);
      else if (file.endsWith('__init__.py')) its.unshift(file);
      else its.push(file);
    }
  }
  const find = (module: string, from: string): string | undefined => {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    if (dots === 0) return nearest(byName.get(module) ?? [], from);
    const folder = from.split('/').slice(0, -dots);
    if (from.split('/').length < dots) return undefined;
    const path = [...folder, ...module.slice(dots).split('.').filter(Boolean)].join('/');
    // Of a package and a module of one name Python takes the package.
    return [path === '' ? '__init__.py' : `${path}/__init__.py`, `${path}.py`].find((file) =>
      known.has(file),
    );
  };
  /** What was asked before, by the folder that asks: each call of what is imported asks again. */
  const answers = new Map<string, Map<string, string | null>>();
  return {
    find(module, from) {
      const folder = from.slice(0, from.lastIndexOf('/') + 1);
      const its = answers.get(folder) ?? new Map<string, string | null>();
      answers.set(folder, its);
      const answer = its.get(module);
      if (answer !== undefined) return answer ?? undefined;
      const found = find(module, from);
      its.set(module, found ?? null);
      return found;
    },
    owns: (name) => tops.has(name),
    packageOf: (file) => moduleParts(file)[packageDepth(file, known)] ?? file,
  };
}

/** The dotted names under which a file can be imported: from its topmost package, from the folder and from `src`. */
function moduleNames(file: string, known: ReadonlySet<string>): Set<string> {
  const parts = moduleParts(file);
  const starts = [packageDepth(file, known), 0, ...(parts[0] === 'src' || parts[0] === 'lib' ? [1] : [])];
  return new Set(starts.map((start) => parts.slice(start).join('.')).filter((name) => name !== ''));
}

function moduleParts(file: string): string[] {
  const parts = file.replace(/\.py$/, '').split('/');
  if (parts.at(-1) === '__init__') parts.pop();
  return parts;
}

/** How many folders stand above the topmost package of a file. */
function packageDepth(file: string, known: ReadonlySet<string>): number {
  const folders = file.split('/').slice(0, -1);
  let depth = folders.length;
  while (depth > 0 && known.has([...folders.slice(0, depth), '__init__.py'].join('/'))) depth--;
  return depth;
}

/** The file that shares most folders with `from`; of equals the first. */
function nearest(files: readonly string[], from: string): string | undefined {
  const shared = (file: string) => {
    const [a, b] = [file.split('/'), from.split('/')];
    const differs = a.findIndex((part, index) => part !== b[index]);
    return differs === -1 ? a.length : differs;
  };
  return files.reduce<string | undefined>(
    (best, file) => (best === undefined || shared(file) > shared(best) ? file : best),
    undefined,
  );
}
