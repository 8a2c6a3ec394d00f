import type { Value } from '../../values/value.ts';
import { nothingNamed } from '../generate/named-values.ts';
import type { Pool } from '../generate/pool.ts';
import { typeOfValue } from '../generate/value-type.ts';
import type { Module } from '../slicing/module.ts';
import type { Piece } from '../slicing/slice.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { undecorated } from '../syntax/syntax.ts';
import type { Workspace } from '../workspace.ts';
import { constructorPools } from './constructor-pools.ts';
import { givenFunctions } from './given-function.ts';

/** How an argument that is no literal is made: an expression of parameters that are. */
export interface MadeArgument {
  readonly parameters: readonly Pool[];
  readonly expression: (names: readonly string[]) => string;
  readonly imports: readonly ImportedName[];
}

/** A parameter, as far as it tells what to give. */
export interface Wanted {
  readonly name: string;
  /** Source text; null where nothing is said. */
  readonly hint: string | null;
  /** With how many arguments the code calls it; null where it does not. */
  readonly arity: number | null;
}

const int = (value: number): Value => ({ type: 'int', value: BigInt(value) });
const str = (value: string): Value => ({ type: 'str', value });
const pool = (name: string, values: readonly Value[]): Pool => ({
  name,
  isRequired: true,
  values,
  types: values.slice(0, 1).map(typeOfValue),
  named: nothingNamed,
});

const year = pool('year', [2024, 1999, 2000, 1970, 2023].map(int));
const month = pool('month', [5, 12, 1, 2, 10].map(int));
const day = pool('day', [17, 31, 1, 28, 9].map(int));
const hour = pool('hour', [13, 0, 23, 7].map(int));
const minute = pool('minute', [30, 0, 59, 5].map(int));
const items = pool(
  'items',
  [[3, 1, 2], [], [1, 1, 2, 5], [7]].map((all) => ({ type: 'list', items: all.map(int) })),
);

/** What the classes of the standard library that hints name are made of. */
const standard: Readonly<Record<string, readonly [module: string, parameters: readonly Pool[]]>> = {
  datetime: ['datetime', [year, month, day, hour, minute]],
  date: ['datetime', [year, month, day]],
  time: ['datetime', [hour, minute]],
  timedelta: [
    'datetime',
    [pool('days', [1, 0, -2, 30].map(int)), pool('seconds', [90, 0, 3600, 5].map(int))],
  ],
  Decimal: ['decimal', [pool('digits', ['3.14', '0', '-2.50', '100', '1E+3', '0.005'].map(str))]],
  Fraction: [
    'fractions',
    [pool('numerator', [3, -1, 10, 0].map(int)), pool('denominator', [4, 2, 7, 1].map(int))],
  ],
  StringIO: ['io', [pool('text', ['one\ntwo\n', 'a,b\n1,2\n', '', 'hello world'].map(str))]],
  BytesIO: [
    'io',
    [
      pool(
        'data',
        ['hello', 'one\ntwo\n', ''].map((each) => ({ type: 'bytes', value: Buffer.from(each) })),
      ),
    ],
  ],
  deque: ['collections', [items]],
  Counter: ['collections', [items]],
  PurePath: ['pathlib', [pool('path', ['a/b.txt', '/usr/lib', 'x', '../up'].map(str))]],
  PurePosixPath: ['pathlib', [pool('path', ['a/b.txt', '/usr/lib', 'x', '../up'].map(str))]],
};

/** Hints that are answered by a class of another name. */
const standsFor: Readonly<Record<string, string>> = {
  tzinfo: '',
  TextIO: 'StringIO',
  TextIOBase: 'StringIO',
  BinaryIO: 'BytesIO',
  Deque: 'deque',
};

/** How to make what a parameter takes, from its hint, its name and its use; undefined where nothing tells. */
export async function madeArgument(
  wanted: Wanted,
  module: Module,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<MadeArgument | undefined> {
  const hint = wanted.hint === null ? null : plainHint(wanted.hint);
  if (wanted.arity !== null || (hint !== null && /^(typing\.|collections\.abc\.)?Callable\b/.test(hint)))
    return functionFor(wanted.arity ?? hintedArity(hint ?? ''));
  const last = hint?.replace(/^.*\./, '') ?? '';
  const known = standsFor[last] ?? last;
  const [from, parameters] = standard[known] ?? [];
  const owner = await classNamed(hint ?? classLike(wanted.name, module), module, workspace, signal);
  if (owner !== undefined) return owner;
  if (hint !== null && /^(re\.)?Pattern\b/.test(hint)) return patternFor();
  if (from === undefined || parameters === undefined) return undefined;
  const imported: ImportedName = { local: known, module: from, name: known, loads: from };
  return { parameters, expression: (names) => `${known}(${names.join(', ')})`, imports: [imported] };
}

/** Without what says only that it may be missing, or stands in quotes. */
function plainHint(hint: string): string {
  const text = hint.trim().replace(/^(['"])(.*)\1$/, '$2');
  const optional = /^(?:typing\.)?Optional\[(.*)\]$/.exec(text)?.[1] ?? text;
  return (
    optional
      .split(/\s*\|\s*(?![^[]*\])/)
      .find((part) => part !== 'None')
      ?.trim() ?? optional
  );
}

function functionFor(arity: number): MadeArgument | undefined {
  const [first] = givenFunctions(arity);
  return first && { parameters: [], expression: () => first.text, imports: [] };
}

/** `Callable[[int, str], bool]` takes two. */
function hintedArity(hint: string): number {
  const listed = /\[\s*\[([^\]]*)\]/.exec(hint)?.[1];
  return listed === undefined ? 1 : listed.split(',').filter((part) => part.trim() !== '').length;
}

function patternFor(): MadeArgument {
  const patterns = pool('pattern', ['a+', '[0-9]+', '(\\w+)', 'o|l', '^h'].map(str));
  const imported: ImportedName = { local: 're', module: 're', name: null, loads: 're' };
  return {
    parameters: [patterns],
    expression: (names) => `re.compile(${names.join(', ')})`,
    imports: [imported],
  };
}

/** The class of the module that a parameter is called after: `Catalog` of `catalog`. */
function classLike(name: string, module: Module): string | null {
  const wanted = name.replaceAll('_', '').toLowerCase();
  const isClass = (each: string) =>
    module.definitions.get(each)?.some(({ node }) => undecorated(node).type === 'class_definition') === true;
  return (
    [...module.definitions.keys()].find((each) => each.toLowerCase() === wanted && isClass(each)) ?? null
  );
}

/** An object of a class of the workspace, made of literals. */
async function classNamed(
  name: string | null,
  module: Module,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<MadeArgument | undefined> {
  if (name === null || !/^\w+$/.test(name)) return undefined;
  const piece = await findClass(name, module, workspace, signal);
  const pools = piece && constructorPools(piece, [piece]);
  if (pools === undefined) return undefined;
  const needed = pools.slice(0, Math.max(1, pools.findLastIndex(({ isRequired }) => isRequired) + 1));
  if (needed.some(({ values }) => values.length === 0)) return undefined;
  return { parameters: needed, expression: (names) => `${name}(${names.join(', ')})`, imports: [] };
}

/** More modules than this on the way to a definition are not followed. */
const maxHops = 4;

async function findClass(
  name: string,
  module: Module,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Piece | undefined> {
  let [at, wanted] = [module, name];
  for (let hop = 0; hop < maxHops; hop += 1) {
    const statement = at.definitions
      .get(wanted)
      ?.findLast(({ node }) => undecorated(node).type === 'class_definition');
    if (statement !== undefined) return { module: at, statement };
    const imported = at.imports.get(wanted)?.at(-1);
    const file = imported && imported.name !== null ? workspace.find(imported.module, at.file) : undefined;
    const loaded = file === undefined ? undefined : await workspace.load(file, signal);
    if (loaded?.ok !== true || imported?.name == null) return undefined;
    [at, wanted] = [loaded.module, imported.name];
  }
  return undefined;
}
