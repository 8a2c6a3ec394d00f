import { writeCall } from '../../values/literal-writer.ts';
import type { Value } from '../../values/value.ts';
import type { FoundCall } from '../calls/call-index.ts';
import { inputsFrom } from '../generate/inputs.ts';
import { helpersIn } from '../generate/named-values.ts';
import { type Pool, poolsOf } from '../generate/pool.ts';
import type { RecordedArgument } from '../recording/recorded-argument.ts';
import { isDefault, type ObjectCall } from '../recording/recorded-calls.ts';
import { undecorated } from '../syntax/syntax.ts';
import { isGenerator } from '../units.ts';
import type { Workspace } from '../workspace.ts';
import { type BuiltUnit, maxParameters, slicedFrom } from './built-wrapper.ts';
import { type Argument, EntryParameters } from './entry-parameters.ts';
import { type MethodForm, methodShape, written } from './method-wrapper.ts';
import {
  areNone,
  madeAsRecorded,
  patternOf,
  recordedPool,
  withoutCommonDefaults,
} from './recorded-object.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** Patterns of recorded calls that are tried of one unit. */
const maxPatterns = 3;

/** What wrappers are written for. */
export interface RecordedUnit extends BuiltUnit {
  readonly recorded: readonly ObjectCall[];
}

/**
 * A unit whose recorded calls take objects, made into programs that take what these were made of: `area(box)`, called with a
 * `Box(2, 3)`, becomes `area_of(width, height)`, which calls `area(Box(width, height))`. One for each of the commonest patterns of
 * arguments, with its calls; none where the classes cannot be named in the module.
 */
export function recordedWrappers(
  unit: RecordedUnit,
  count: number,
  workspace: Workspace,
  signal: AbortSignal,
): Wrapper[] {
  const keyOf = ({ owner, args }: ObjectCall) =>
    [...(owner === null ? [] : [owner]), ...args].map(patternOf).join(' ');
  const patterns = [...Map.groupBy(unit.recorded, keyOf).values()].sort((a, b) => b.length - a.length);
  return patterns
    .slice(0, maxPatterns)
    .flatMap((calls) =>
      (unit.unit.statement === null ? ofMethod : ofFunction)(unit, calls, { count, workspace, signal }),
    );
}

interface Writing {
  readonly count: number;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

/** The arguments of a pattern's calls, column by column, as a wrapper gives them. */
interface Given {
  readonly columns: readonly (readonly RecordedArgument[])[];
  readonly args: readonly Argument[];
  /** Of each parameter that they need, one for each call. */
  readonly values: readonly (readonly Value[])[];
}

function ofFunction(built: RecordedUnit, calls: readonly ObjectCall[], writing: Writing): Wrapper[] {
  const { module, unit, sliced } = built;
  const { symbol, parameters, node } = unit;
  const definition = undecorated(node);
  const pools = poolsOf(module.tree, definition, parameters, helpersIn(sliced));
  const given = givenTo(
    pools,
    calls.map(({ args }) => args),
    built,
    writing,
  );
  const entry = freeName(sliced, [`${symbol}_of`, `${symbol}_example`]);
  if (given === undefined || entry === undefined) return [];
  const own = new EntryParameters(namesIn(symbol, given.columns));
  const texts = given.args.map((argument) => own.add(argument, (name) => `${name}_given`));
  const call = `${symbol}(${texts.join(', ')})`;
  const text = `def ${entry}(${own.names.join(', ')}):\n    return ${isGenerator(definition) ? `list(${call})` : call}\n`;
  const inputs = writing.count === 0 ? null : inputsFrom(own.pools, writing.count);
  return completed([{ entry, text, inputs }], built, calls, [given], writing);
}

function ofMethod(built: RecordedUnit, calls: readonly ObjectCall[], writing: Writing): Wrapper[] {
  const { module, unit, statement, sliced } = built;
  const shape = methodShape(module, unit, statement, sliced);
  const [first] = calls;
  if (shape === undefined || shape.form.binding === 'class' || first?.owner == null) return [];
  const owners = withoutCommonDefaults(calls.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  const objects = owners.filter((each) => each.type === 'object');
  const [owner] = objects;
  if (owner === undefined || owner.keywords.length > 0) return [];
  // What makes an object of a subclass is that one's own.
  if (shape.isMaking && owner.class !== shape.form.className) return [];
  const building = givenTo(
    owner.names.map((name) => recordedPool(name.replace(/^_+(?=\p{L})/u, ''), [])),
    objects.map(({ args }) => args),
    built,
    { ...writing, isOfObject: true },
  );
  const takesNothing = shape.isMaking || shape.form.binding === 'property';
  const giving = givenTo(
    shape.parameters,
    calls.map(({ args }) => (takesNothing ? [] : args)),
    built,
    writing,
  );
  // The object itself, made of nothing, for the import of its class.
  const made = madeAsRecorded('made', [{ ...owner, args: [], names: [] }], {
    ...writing,
    module,
    taken: new Set(),
  });
  if (building === undefined || giving === undefined || made === undefined) return [];
  const form: MethodForm = { ...shape.form, className: owner.class };
  const reserved = namesIn(owner.class, [...building.columns, ...giving.columns]);
  const wrappers = written(form, building.args, giving.args, writing.count, reserved).slice(-1);
  const own: Given = { columns: [], args: [{ pool: recordedPool('made', []), made }], values: [] };
  return completed(wrappers, built, calls, [building, giving, own], writing);
}

/** What gives a unit or its object their arguments, as many as the calls need; undefined where that cannot be written. */
function givenTo(
  pools: readonly Pool[],
  calls: readonly (readonly RecordedArgument[])[],
  { module }: RecordedUnit,
  { workspace, isOfObject = false }: Writing & { readonly isOfObject?: boolean },
): Given | undefined {
  const length = calls[0]?.length ?? 0;
  if (length > pools.length) return undefined;
  const all = Array.from({ length }, (_, column) =>
    withoutCommonDefaults(calls.flatMap((args) => args.slice(column, column + 1))),
  );
  const isNeeded = (column: readonly RecordedArgument[], at: number) =>
    column.some((each) => each.type === 'object' || !isDefault(each.value, pools[at]));
  const needed =
    Math.max(
      all.findLastIndex(isNeeded),
      pools.findLastIndex(({ isRequired }) => isRequired),
    ) + 1;
  const columns = all.slice(0, needed);
  const taken = new Set(
    columns.flatMap(([first], at) => (first?.type === 'literal' ? [pools[at]?.name ?? ''] : [])),
  );
  const args: Argument[] = [];
  const parameters: (readonly Value[])[] = [];
  for (const [at, column] of columns.entries()) {
    const pool = pools[at];
    if (pool === undefined) return undefined;
    const objects = column.filter((each) => each.type === 'object');
    if (objects.length === 0) {
      const values = column.flatMap((each) => (each.type === 'literal' ? [each.value] : []));
      if (isOfObject && areNone(values)) {
        args.push({ pool, made: { parameters: [], expression: () => 'None', imports: [] } });
        continue;
      }
      args.push({ pool: recordedPool(pool.name, values, pool) });
      parameters.push(values);
      continue;
    }
    const made = madeAsRecorded(pool.name, objects, { module, workspace, taken });
    if (made === undefined) return undefined;
    args.push({ pool, made });
    parameters.push(...made.values);
  }
  return { columns, args, values: parameters };
}

/** The wrappers with the calls that were recorded, and the way to slice the classes in. */
function completed(
  wrappers: readonly Wrapper[],
  { module, statement }: RecordedUnit,
  calls: readonly ObjectCall[],
  given: readonly Given[],
  { workspace, signal }: Writing,
): Wrapper[] {
  const found = new Map<string, FoundCall>();
  for (const [row, { test }] of calls.entries()) {
    const call = given.flatMap(({ values }) => values.flatMap((column) => column.slice(row, row + 1)));
    const text = writeCall(call);
    found.set(text, { call, text, source: 'recorded', file: test, line: null });
  }
  const first = [...found.values()][0]?.call.length ?? 0;
  if (first === 0 || first > maxParameters) return [];
  const imports = given.flatMap(({ args }) => args.flatMap(({ made }) => made?.imports ?? []));
  const sources = Map.groupBy(imports, ({ local }) => local);
  if ([...sources.values()].some((its) => new Set(its.map(({ module: from }) => from)).size > 1)) return [];
  const slice = (text: string) => slicedFrom(text, { module, statement, imports }, workspace, signal);
  return wrappers.map((wrapper) => ({ ...wrapper, found: [...found.values()], slice }));
}

/** What a wrapper names besides its parameters. */
function namesIn(unit: string, columns: readonly (readonly RecordedArgument[])[]): string[] {
  const classes = (argument: RecordedArgument): string[] =>
    argument.type === 'literal'
      ? []
      : [argument.class, ...[...argument.args, ...argument.keywords.map(([, its]) => its)].flatMap(classes)];
  return [unit, ...columns.flatMap((column) => column.slice(0, 1).flatMap(classes))];
}
