import { readValue } from '../../values/literal-reader.ts';
import { writeCall, writeValue } from '../../values/literal-writer.ts';
import type { Call, Value } from '../../values/value.ts';
import type { FoundCall } from '../calls/call-index.ts';
import type { Parameters } from '../entry-signature.ts';
import { withoutSecrets } from '../screens/secrets.ts';
import type { Module } from '../slicing/module.ts';
import { lineAt } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import {
  argumentText,
  literalsOf,
  type RecordedArgument,
  type RecordedObject,
  readArgument,
  readObject,
} from './recorded-argument.ts';
import type { RecordedCall } from './recording.ts';

/** A recorded call of a method, with how its object was made. */
export interface MadeCall {
  /** Arguments of the class, by position, those with default values too. */
  readonly made: Call;
  /** Arguments of the method, likewise. */
  readonly args: Call;
  /** The test file that it was recorded of. */
  readonly test: string;
}

/** A recorded call that takes objects: of a method, also the one that it is called of. */
export interface ObjectCall {
  /** Of a method: its object; null of a function. */
  readonly owner: RecordedObject | null;
  /** By position, those with default values too. */
  readonly args: readonly RecordedArgument[];
  /** The test file that it was recorded of. */
  readonly test: string;
}

/** What was recorded of one unit. */
export interface RecordedOfUnit {
  /** Of a function, of literals alone. */
  readonly calls: readonly FoundCall[];
  /** Of a method, of literals alone. */
  readonly made: readonly MadeCall[];
  /** Of either, with objects among the arguments, or of an object that is made of some or is of a subclass. */
  readonly objects: readonly ObjectCall[];
}

/** Calls of one function that are kept. */
const maxCalls = 120;

/** Calls that a workspace's own tests made, by what they are calls of. */
export class RecordedCalls {
  readonly #byFile = new Map<string, { readonly test: string; readonly call: RecordedCall }[]>();
  readonly #counts = new Map<string, number>();

  add(test: string, calls: readonly RecordedCall[]): void {
    for (const call of calls) {
      const place = `${call.file}\0${call.line}`;
      const count = this.#counts.get(place) ?? 0;
      if (count >= maxCalls) continue;
      this.#counts.set(place, count + 1);
      const its = this.#byFile.get(call.file);
      if (its === undefined) this.#byFile.set(call.file, [{ test, call }]);
      else its.push({ test, call });
    }
  }

  /** The calls of a unit: by its line, or where that has moved since, by its name. */
  async of(module: Module, unit: Unit): Promise<RecordedOfUnit> {
    const [name = '', owner] = unit.symbol.split('.').reverse();
    const named = (this.#byFile.get(module.file) ?? []).filter(({ call }) => call.name === name);
    const line = lineAt(module.tree.text, unit.node.start);
    const here = named.filter(({ call }) => call.line === line);
    const isOnly = new Set(named.map(({ call }) => call.line)).size === 1;
    const calls = new Map<string, FoundCall>();
    const made = new Map<string, MadeCall>();
    const objects = new Map<string, ObjectCall>();
    const isMethod = unit.parameters.positional[0]?.name === 'self';
    for (const { test, call } of here.length > 0 || !isOnly ? here : named) {
      const args = argumentsOf(call, isMethod ? withoutFirst(unit.parameters) : unit.parameters);
      const its = call.made && readObject(call.made);
      if (args === undefined || isMethod !== (its !== undefined)) continue;
      const values = literalsOf(args);
      const building = its === undefined ? [] : literalsOf(its.args);
      const isOfOwn = its === undefined || (its.class === owner && its.keywords.length === 0);
      if (values === undefined || building === undefined || !isOfOwn) {
        const text = [...(its === undefined ? [] : [its]), ...args].map(argumentText).join(', ');
        objects.set(text, { owner: its ?? null, args, test });
      } else if (isMethod) {
        made.set(`${writeCall(building)}${writeCall(values)}`, { made: building, args: values, test });
      } else {
        const short = withoutDefaults(values, unit.parameters);
        const text = writeCall(short);
        if (!calls.has(text))
          calls.set(text, { call: short, text, source: 'recorded', file: test, line: null });
      }
    }
    return { calls: await open(calls), made: await open(made), objects: await open(objects) };
  }
}

/** What tests are given to run with may be secret. */
async function open<T>(byText: ReadonlyMap<string, T>): Promise<T[]> {
  const all = [...byText].map(([text, each]) => ({ text, each }));
  return (await withoutSecrets(all)).map(({ each }) => each);
}

/** All arguments by position; undefined where some were given by name alone and are not the defaults. */
function argumentsOf(
  { args, keywords }: RecordedCall,
  parameters: Parameters,
): RecordedArgument[] | undefined {
  const all = args.map(readArgument);
  const areDefaults = Object.entries(keywords).every(([name, written]) => {
    const its = parameters.keywordOnly.find((each) => each.name === name)?.default;
    return typeof written === 'string' && its != null && isSame(its, readValue(written));
  });
  return areDefaults && all.every((each) => each !== undefined) ? all : undefined;
}

/** The arguments without those at the end that say what would hold without them. */
export function withoutDefaults(call: Call, { positional }: Parameters): Call {
  let count = call.length;
  while (count > 0 && count <= positional.length) {
    const written = positional[count - 1]?.default;
    const value = call[count - 1];
    if (written == null || value === undefined || !isSame(written, { ok: true, value })) break;
    count -= 1;
  }
  return call.slice(0, count);
}

/** Whether a value is what a parameter takes without one. */
export function isDefault(
  value: Value,
  parameter: { readonly default?: string | null } | undefined,
): boolean {
  return parameter?.default != null && isSame(parameter.default, { ok: true, value });
}

function isSame(written: string, read: { readonly ok: boolean; readonly value?: Value }): boolean {
  const its = readValue(written);
  return its.ok && read.ok && read.value !== undefined && writeValue(its.value) === writeValue(read.value);
}

function withoutFirst(parameters: Parameters): Parameters {
  return { ...parameters, positional: parameters.positional.slice(1) };
}
