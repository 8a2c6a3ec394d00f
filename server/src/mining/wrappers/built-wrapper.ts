import { inputsFrom } from '../generate/inputs.ts';
import { helpersIn } from '../generate/named-values.ts';
import { type Pool, poolsOf } from '../generate/pool.ts';
import type { Module, Statement } from '../slicing/module.ts';
import { type Sliced, sliceProgram } from '../slicing/program.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { undecorated } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import type { Workspace } from '../workspace.ts';
import { type Argument, EntryParameters } from './entry-parameters.ts';
import { writtenIn } from './example-wrapper.ts';
import { arityOfCalled, takesFunction } from './function-wrapper.ts';
import { madeArgument } from './made-argument.ts';
import { methodShape, written } from './method-wrapper.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** More parameters than this make no question that a person reads. */
export const maxParameters = 6;

/** What a wrapper is written of. */
export interface BuiltUnit {
  readonly module: Module;
  readonly unit: Unit;
  /** The top-level statement that it is or belongs to. */
  readonly statement: Statement;
  readonly sliced: Sliced;
}

/**
 * A unit that takes objects, made into programs that take what these are made of: `age(born: date)` becomes
 * `age_of(year, month, day)`, which calls `age(date(year, month, day))`. None where it takes no objects, or nothing tells how one
 * is made.
 */
export async function builtWrappers(
  built: BuiltUnit,
  count: number,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Wrapper[]> {
  const { module, unit, statement } = built;
  if (unit.parameters.keywordOnly.some(({ default: written }) => written === null)) return [];
  const arities = arityOfCalled(module.tree, undecorated(unit.node));
  const argumentsOf = async (pools: readonly Pool[]) => {
    const needed = Math.max(1, pools.findLastIndex(({ isRequired }) => isRequired) + 1);
    const all: Argument[] = [];
    for (const pool of pools.slice(0, needed)) {
      const arity = arities.get(pool.name) ?? (takesFunction.test(pool.name) ? 1 : null);
      const wanted = { name: pool.name, hint: pool.hint ?? null, arity };
      // Where a hint leaves nothing but None, it says that of an object which may be missing.
      const isLiteral = pool.values.some(({ type }) => type !== 'none') && arity === null;
      const made = isLiteral ? undefined : await madeArgument(wanted, module, workspace, signal);
      if (made === undefined && pool.values.length === 0) return undefined;
      all.push(made === undefined ? { pool } : { pool, made });
    }
    return all;
  };
  const found =
    unit.statement === null
      ? await ofMethod(built, count, argumentsOf)
      : await ofFunction(built, count, argumentsOf);
  const imports = found.args.flatMap(({ made }) => made?.imports ?? []);
  if (found.args.every(({ made }) => made === undefined)) return [];
  const slice = (text: string) => slicedFrom(text, { module, statement, imports }, workspace, signal);
  return found.wrappers
    .filter(
      ({ inputs }) => inputs !== null && inputs.pools.length > 0 && inputs.pools.length <= maxParameters,
    )
    .map((wrapper) => ({ ...wrapper, slice }));
}

interface Found {
  readonly args: readonly Argument[];
  readonly wrappers: readonly Wrapper[];
}
type ArgumentsOf = (pools: readonly Pool[]) => Promise<readonly Argument[] | undefined>;

const nothing: Found = { args: [], wrappers: [] };

async function ofFunction(
  { module, unit, sliced }: BuiltUnit,
  count: number,
  argumentsOf: ArgumentsOf,
): Promise<Found> {
  const { symbol, parameters, node } = unit;
  const args = await argumentsOf(poolsOf(module.tree, undecorated(node), parameters, helpersIn(sliced)));
  const entry = freeName(sliced, [`${symbol}_of`, `${symbol}_example`]);
  if (args === undefined || entry === undefined) return nothing;
  const own = new EntryParameters();
  const given = args.map((argument) => own.add(argument));
  const text = `def ${entry}(${own.names.join(', ')}):\n    return ${symbol}(${given.join(', ')})\n`;
  return { args, wrappers: [{ entry, text, inputs: inputsFrom(own.pools, count) }] };
}

async function ofMethod(
  { module, unit, statement, sliced }: BuiltUnit,
  count: number,
  argumentsOf: ArgumentsOf,
): Promise<Found> {
  const shape = methodShape(module, unit, statement, sliced);
  if (shape === undefined) return nothing;
  const building = shape.made.length === 0 ? [] : await argumentsOf(shape.made);
  const giving = shape.parameters.length === 0 ? [] : await argumentsOf(shape.parameters);
  if (building === undefined || giving === undefined) return nothing;
  return { args: [...building, ...giving], wrappers: written(shape.form, building, giving, count) };
}

/** The program that a wrapper's text makes with all that it names; undefined where that cannot be taken along, or is not the unit's. */
export async function slicedFrom(
  text: string,
  {
    module,
    statement: owner,
    imports,
  }: { readonly module: Module; readonly statement: Statement; readonly imports: readonly ImportedName[] },
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Sliced | undefined> {
  const around = await writtenIn(module, text, imports, signal);
  const [statement] = around.statements;
  const sliced = statement && (await sliceProgram(around, statement, workspace, signal));
  return sliced?.ok === true && sliced.pieces.some(({ statement: its }) => its === owner)
    ? sliced
    : undefined;
}
