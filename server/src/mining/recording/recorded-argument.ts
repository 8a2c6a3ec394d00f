import { z } from 'zod';
import { readValue } from '../../values/literal-reader.ts';
import { writeValue } from '../../values/literal-writer.ts';
import type { Value } from '../../values/value.ts';

/** An argument as a run of tests wrote it: a Python literal, or an object of a class of the workspace. */
export type WrittenArgument = string | WrittenObject;

/** How an object was made. */
export interface WrittenObject {
  /** The name of its class at the top of a module. */
  readonly class: string;
  /** That module's path within the folder, with forward slashes. */
  readonly file: string;
  /** By position, those that are defaults too. */
  readonly args: readonly WrittenArgument[];
  /** Of the parameters that take them, one for each. */
  readonly names: readonly string[];
  /** How many of the arguments there are without those at the end that are defaults. */
  readonly given: number;
  /** Given by name, without defaults. */
  readonly keywords: Readonly<Record<string, WrittenArgument>>;
}

/** Objects within objects. */
export const maxMadeDepth = 3;

/** Arguments of one object. */
const maxArguments = 24;

/** A name as it may stand in a program; a keyword makes one that cannot be read, and no seed. */
const Name = z
  .string()
  .max(100)
  .regex(/^[\p{L}_][\p{L}\p{N}_]*$/u);

const Literal = z.string().refine((text) => readValue(text).ok);

/** An argument within which this many objects stand at most. */
function argument(depth: number): z.ZodType<WrittenArgument> {
  return depth === 0 ? Literal : z.union([Literal, object(depth)]);
}

function object(depth: number): z.ZodType<WrittenObject> {
  const inner = argument(depth - 1);
  return z
    .object({
      class: Name,
      file: z.string().max(1_000),
      args: z.array(inner).max(maxArguments),
      names: z.array(Name).max(maxArguments),
      given: z.number().int().nonnegative(),
      keywords: z.record(Name, inner),
    })
    .refine(({ args, names, given }) => names.length === args.length && given <= args.length);
}

export const WrittenArgument = argument(maxMadeDepth);
export const WrittenObject = object(maxMadeDepth);

/** An argument with its literals read. */
export type RecordedArgument = { readonly type: 'literal'; readonly value: Value } | RecordedObject;

/** An object of a class of the workspace, with what it was made of. */
export interface RecordedObject {
  readonly type: 'object';
  readonly class: string;
  readonly file: string;
  readonly args: readonly RecordedArgument[];
  readonly names: readonly string[];
  readonly given: number;
  readonly keywords: readonly (readonly [name: string, argument: RecordedArgument])[];
}

/** Reads the literals of an argument; undefined where one is none. */
export function readArgument(written: WrittenArgument): RecordedArgument | undefined {
  if (typeof written !== 'string') return readObject(written);
  const read = readValue(written);
  return read.ok ? { type: 'literal', value: read.value } : undefined;
}

/** Reads the literals of an object; undefined where one is none. */
export function readObject(written: WrittenObject): RecordedObject | undefined {
  const args = written.args.map(readArgument);
  const keywords: (readonly [string, RecordedArgument])[] = [];
  for (const name of Object.keys(written.keywords).sort()) {
    const read = readArgument(written.keywords[name] ?? '');
    if (read === undefined) return undefined;
    keywords.push([name, read]);
  }
  if (!args.every((read) => read !== undefined)) return undefined;
  const { class: name, file, names, given } = written;
  return { type: 'object', class: name, file, args, names, given, keywords };
}

/** An argument as a person would write it. */
export function argumentText(argument: RecordedArgument): string {
  if (argument.type === 'literal') return writeValue(argument.value);
  const byName = argument.keywords.map(([name, its]) => `${name}=${argumentText(its)}`);
  return `${argument.class}(${[...argument.args.map(argumentText), ...byName].join(', ')})`;
}

/** The values of arguments that are all literals; undefined where one is an object. */
export function literalsOf(all: readonly RecordedArgument[]): Value[] | undefined {
  return all.every((each) => each.type === 'literal') ? all.map(({ value }) => value) : undefined;
}
