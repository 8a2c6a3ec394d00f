import type { CallSource } from '../../../../protocol/seed.ts';
import { readCall } from '../../values/literal-reader.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { Parameters } from '../entry-signature.ts';
import type { ModuleFiles } from '../files/module-files.ts';
import type { Module } from '../slicing/module.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import type { Unit } from '../units.ts';
import type { CallSite } from './call-sites.ts';
import { positionalCall } from './positional-call.ts';

/** A call of a unit, ready to be executed. */
export interface FoundCall {
  readonly call: Call;
  /** The argument tuple as literal text. */
  readonly text: string;
  readonly source: CallSource;
  /** Where it stands; null where it was made up. */
  readonly file: string | null;
  readonly line: number | null;
  /** Digest of the model that proposed it, where one did. */
  readonly model?: string;
}

/** The calls of one unit. */
export interface UnitCalls {
  /** No two alike; doctests first, then tests. */
  readonly calls: readonly FoundCall[];
  /** Calls whose arguments cannot be told, or cannot be given by position. */
  readonly notLiteral: number;
}

/** Which calls in a workspace are calls of which unit. */
export interface CallIndex {
  /** Makes a module's functions known. All modules first, then the calls. */
  addModule(file: string, names: ModuleNames): void;
  addCalls(file: string, sites: readonly CallSite[]): void;
  callsOf(file: string, symbol: string): UnitCalls;
}

/** What calls are told by of a module. */
export interface ModuleNames {
  /** Functions at its top. */
  readonly functions: ReadonlyMap<string, Parameters>;
  readonly imports: ReadonlyMap<string, readonly ImportedName[]>;
  readonly stars: readonly string[];
}

/** What calls are told by of a module with these units. */
export function namesOf({ imports, stars }: Module, units: readonly Unit[]): ModuleNames {
  const functions = units.filter(({ loss, statement }) => loss === null && statement !== null);
  return {
    functions: new Map(functions.map(({ symbol, parameters }) => [symbol, parameters])),
    imports,
    stars,
  };
}

/** Bounds of what is kept of one unit's calls. */
const maxCalls = 200;
const maxCallLength = 2_000;
const maxHops = 8;
const sourceOrder: readonly CallSource[] = ['doctest', 'test', 'code', 'recorded', 'generated', 'model'];

export function createCallIndex(files: ModuleFiles): CallIndex {
  const modules = new Map<string, ModuleNames>();
  const definedIn = new Map<string, string[]>();
  const found = new Map<string, { calls: Map<string, FoundCall>; notLiteral: number }>();
  const key = (file: string, symbol: string) => `${file}\0${symbol}`;

  /** The file whose module defines what a dotted path means in a module. */
  const resolve = (
    file: string,
    path: readonly string[],
    hops = maxHops,
  ): { file: string; name: string } | undefined => {
    const [name, ...rest] = path;
    const names = modules.get(file);
    if (name === undefined || names === undefined || hops === 0) return undefined;
    if (rest.length === 0 && names.functions.has(name)) return { file, name };
    const imported = names.imports.get(name)?.at(-1);
    if (imported !== undefined) return resolveImported(file, imported, rest, hops - 1);
    for (const star of names.stars) {
      const from = files.find(star, file);
      const its = from === undefined || name.startsWith('_') ? undefined : resolve(from, path, hops - 1);
      if (its !== undefined) return its;
    }
    const submodule =
      rest.length > 0 && file.endsWith('__init__.py') ? files.find(`.${name}`, file) : undefined;
    return submodule === undefined ? undefined : resolve(submodule, rest, hops - 1);
  };

  const resolveImported = (file: string, imported: ImportedName, rest: readonly string[], hops: number) => {
    const { module, name } = imported;
    const from = files.find(module, file);
    if (name === null) {
      // `import a.b` gives `a`; where that is a folder without a module of its own, `b` is found by its full name.
      const deeper = files.find(imported.loads, file);
      const skipped = imported.loads.split('.').length - module.split('.').length;
      if (from !== undefined) return resolve(from, rest, hops);
      return deeper === undefined ? undefined : resolve(deeper, rest.slice(skipped), hops);
    }
    const direct = from === undefined ? undefined : resolve(from, [name, ...rest], hops);
    if (direct !== undefined) return direct;
    const submodule = files.find(module.endsWith('.') ? `${module}${name}` : `${module}.${name}`, file);
    return submodule === undefined ? undefined : resolve(submodule, rest, hops);
  };

  /** In a document, and in the doctests of a class or package, names are used that nothing there imports. */
  const onlyUnit = (name: string) => {
    const [file, ...more] = definedIn.get(name) ?? [];
    return file === undefined || more.length > 0 ? undefined : { file, name };
  };

  return {
    addModule(file, { functions, imports, stars }) {
      modules.set(file, { functions, imports, stars });
      for (const symbol of functions.keys()) {
        const known = definedIn.get(symbol);
        if (known === undefined) definedIn.set(symbol, [file]);
        else known.push(file);
      }
    },

    addCalls(file, sites) {
      for (const site of sites) {
        const path = site.callee.split('.');
        const target =
          (site.imported === null
            ? resolve(file, path)
            : resolveImported(file, site.imported, path.slice(1), maxHops)) ??
          (site.source === 'doctest' || !modules.has(file) ? onlyUnit(path.at(-1) ?? '') : undefined);
        const parameters = target && modules.get(target.file)?.functions.get(target.name);
        if (target === undefined || parameters === undefined) continue;
        const its = found.get(key(target.file, target.name)) ?? { calls: new Map(), notLiteral: 0 };
        found.set(key(target.file, target.name), its);
        const written = site.arguments && literalCall(site.arguments, parameters);
        if (written === null || written === undefined) its.notLiteral++;
        else if (!its.calls.has(written.text) && its.calls.size < maxCalls) {
          its.calls.set(written.text, { ...written, source: site.source, file, line: site.line });
        }
      }
    },

    callsOf(file, symbol) {
      const { calls, notLiteral } = found.get(key(file, symbol)) ?? {
        calls: new Map<string, FoundCall>(),
        notLiteral: 0,
      };
      const rank = ({ source }: FoundCall) => sourceOrder.indexOf(source);
      return { calls: [...calls.values()].sort((a, b) => rank(a) - rank(b)), notLiteral };
    },
  };
}

/** The call by position in our grammar; undefined where it does not fit into it. */
function literalCall(
  values: NonNullable<CallSite['arguments']>,
  parameters: Parameters,
): { readonly call: Call; readonly text: string } | undefined {
  const call = positionalCall(values, parameters);
  if (call === undefined) return undefined;
  const text = writeCall(call);
  // Read back, it is within the budget, hashable where it must be, and the same for whoever reads the record.
  const read = text.length > maxCallLength ? undefined : readCall(text);
  return read?.ok ? { call: read.value, text } : undefined;
}
