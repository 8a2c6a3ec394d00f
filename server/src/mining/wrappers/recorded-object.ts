import { writeValue } from '../../values/literal-writer.ts';
import type { Value } from '../../values/value.ts';
import { nothingNamed } from '../generate/named-values.ts';
import { type Pool, poolOf } from '../generate/pool.ts';
import { typeOfValue } from '../generate/value-type.ts';
import type { RecordedArgument, RecordedObject } from '../recording/recorded-argument.ts';
import type { Module } from '../slicing/module.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import type { Workspace } from '../workspace.ts';
import type { MadeArgument } from './made-argument.ts';

/** Recorded values of one parameter that are mixed with those of the others. */
const maxRecorded = 12;

/** What is alike in the calls of one program: which argument is an object of which class, with how many arguments each. */
export function patternOf(argument: RecordedArgument): string {
  if (argument.type === 'literal') return '_';
  const byName = argument.keywords.map(([name, its]) => `${name}=${patternOf(its)}`);
  return `${argument.file}:${argument.class}(${[...argument.args.map(patternOf), ...byName].join(', ')})`;
}

/** Arguments of one pattern without those at the end of an object that are defaults in all of them. */
export function withoutCommonDefaults(all: readonly RecordedArgument[]): readonly RecordedArgument[] {
  const objects = all.filter((each) => each.type === 'object');
  if (objects.length === 0) return all;
  const given = Math.max(...objects.map((each) => each.given));
  const columns = Array.from({ length: given }, (_, column) =>
    withoutCommonDefaults(objects.flatMap(({ args }) => args.slice(column, column + 1))),
  );
  const names = (objects[0]?.keywords ?? []).map(([name]) => name);
  const named = names.map((_, place) =>
    withoutCommonDefaults(
      objects.flatMap(({ keywords }) => keywords.slice(place, place + 1).map(([, its]) => its)),
    ),
  );
  return objects.map((each, row) => ({
    ...each,
    args: columns.flatMap((column) => column.slice(row, row + 1)),
    names: each.names.slice(0, given),
    keywords: names.flatMap((name, place) => {
      const its = named[place]?.[row];
      return its === undefined ? [] : [[name, its] as const];
    }),
  }));
}

/** A parameter that takes recorded values, those first; further ones are like them. */
export function recordedPool(name: string, values: readonly Value[], like?: Pool): Pool {
  const distinct = new Map(values.map((value) => [writeValue(value), value]));
  const recorded = [...distinct.values()].slice(0, maxRecorded);
  const [first] = recorded;
  const usual =
    like ?? poolOf(name, first === undefined ? [] : [typeOfValue(first)], nothingNamed, { isRequired: true });
  const types =
    like === undefined || like.types.length === 0 ? recorded.slice(0, 1).map(typeOfValue) : like.types;
  return { ...usual, name, values: [...recorded, ...usual.values], types };
}

/** Objects made as they were recorded, with the values of each parameter, one for each call. */
export interface MadeAsRecorded extends MadeArgument {
  readonly values: readonly (readonly Value[])[];
}

/** Whether all of them are None: of what an object is made of, no parameter. */
export function areNone(values: readonly Value[]): boolean {
  return values.every(({ type }) => type === 'none');
}

/**
 * How objects of one pattern are made, of literals as parameters; what is None in all of them stands there. Where a parameter's
 * name is among `taken`, it is said of which argument it is: `box_width`. Undefined where a class cannot be named in the module.
 */
export function madeAsRecorded(
  argument: string,
  objects: readonly RecordedObject[],
  {
    module,
    workspace,
    taken,
  }: { readonly module: Module; readonly workspace: Workspace; readonly taken: ReadonlySet<string> },
): MadeAsRecorded | undefined {
  const parameters: Pool[] = [];
  const columns: (readonly Value[])[] = [];
  const imports: ImportedName[] = [];
  const expression = expressionOf(objects);
  if (expression === undefined) return undefined;
  return {
    parameters,
    values: columns,
    imports,
    expression: (names) => {
      const left = [...names];
      return expression(() => left.shift() ?? 'None');
    },
  };

  function expressionOf(its: readonly RecordedObject[]): ((next: () => string) => string) | undefined {
    const [first] = its;
    const imported = first && importOf(first, module, workspace);
    if (first === undefined || imported === undefined) return undefined;
    if (imported !== 'own') imports.push(imported);
    const byPosition = first.names.map((name, column) =>
      partOf(
        name,
        its.flatMap(({ args }) => args.slice(column, column + 1)),
      ),
    );
    const byName = first.keywords.map(([name], place) => {
      const part = partOf(
        name,
        its.flatMap(({ keywords }) => keywords.slice(place, place + 1).map(([, each]) => each)),
      );
      return part && ((next: () => string) => `${name}=${part(next)}`);
    });
    const parts = [...byPosition, ...byName];
    if (!parts.every((part) => part !== undefined)) return undefined;
    return (next) => `${first.class}(${parts.map((part) => part(next)).join(', ')})`;
  }

  function partOf(
    name: string,
    its: readonly RecordedArgument[],
  ): ((next: () => string) => string) | undefined {
    const inner = its.filter((each) => each.type === 'object');
    if (inner.length > 0) return expressionOf(inner);
    const values = its.flatMap((each) => (each.type === 'literal' ? [each.value] : []));
    if (areNone(values)) return () => 'None';
    const plain = name.replace(/^_+(?=\p{L})/u, '');
    const own = taken.has(plain) ? `${argument}_${plain}` : plain;
    parameters.push(recordedPool(own, values));
    columns.push(values);
    return (next) => next();
  }
}

/** How a program written in a module comes by a class: it is the module's own, or imported; undefined where it cannot be. */
function importOf(
  { class: name, file }: RecordedObject,
  module: Module,
  workspace: Workspace,
): ImportedName | 'own' | undefined {
  if (file === module.file) return module.definitions.has(name) ? 'own' : undefined;
  const parts = file.replace(/\.py$/, '').split('/');
  if (parts.at(-1) === '__init__') parts.pop();
  const from = parts.join('.');
  if (workspace.find(from, module.file) !== file) return undefined;
  return { local: name, module: from, name, loads: from };
}
