import { readValue } from '../../values/literal-reader.ts';
import type { Call, Value } from '../../values/value.ts';
import type { Parameters } from '../entry-signature.ts';
import { descendants, type SyntaxNode, type SyntaxTree, textOf } from '../syntax/syntax.ts';
import { type Guesses, guessTypes } from './guess-types.ts';
import { type NamedValues, sampleValues } from './sample-values.ts';
import { int, listOf, str, type ValueType } from './value-type.ts';

/** How many values of one parameter are mixed with those of the others. */
const perParameter = 12;

/** Texts longer than this are messages, not values. */
const maxText = 40;

/** A parameter with values that it may well take. */
export interface Pool {
  readonly name: string;
  readonly isRequired: boolean;
  /** Source of its default value; null where there is none, or none that is known. */
  readonly default?: string | null;
  /** Source of its annotation; null where there is none. */
  readonly hint?: string | null;
  /** The likeliest first; none where it takes what has no literals. */
  readonly values: readonly Value[];
}

/** Values for each positional parameter of a function: from hints, defaults, the values and uses in its code, and names. */
export function poolsOf(tree: SyntaxTree, definition: SyntaxNode, parameters: Parameters): Pool[] {
  const guesses = guessTypes(tree, definition, parameters);
  const named = namedValues(tree, definition);
  return parameters.positional.map(({ name, default: written, hint }, index) => ({
    name,
    isRequired: written === null,
    default: written,
    hint,
    values: pool(guesses[index] ?? [], named),
  }));
}

/**
 * Calls that a function may well take: the likeliest values first, then the second guesses. The same ones each time. None where
 * a parameter that it needs takes what has no literals.
 */
export function generateCalls(
  tree: SyntaxTree,
  definition: SyntaxNode,
  parameters: Parameters,
  count: number,
): Call[] {
  const pools = poolsOf(tree, definition, parameters);
  if (pools.length === 0 && parameters.variadic !== null)
    return variadicCalls(namedValues(tree, definition), count);
  return combine(pools, count);
}

/** Calls of values out of pools, the later ones left out half of the time where they are not required. */
export function combine(all: readonly Pool[], count: number): Call[] {
  const unusable = all.findIndex(({ values }) => values.length === 0);
  const pools = unusable === -1 ? all : all.slice(0, unusable);
  const needed = all.findLastIndex(({ isRequired }) => isRequired) + 1;
  if (pools.length < needed) return [];
  const calls: Call[] = [];
  for (let row = 0; calls.length < count && row < 4 * count; row += 1) {
    const length = row % 2 === 0 ? needed || Math.min(1, pools.length) : pools.length;
    const values = pools
      .slice(0, length)
      .map(({ values: its }, column) => its[(row * step(column) + column) % its.length]);
    if (values.every((value) => value !== undefined)) calls.push(values);
  }
  return calls;
}

/** Rows advance differently in each column, so that values meet in ever new company. */
function step(column: number): number {
  return [1, 1, 5, 7, 11][column] ?? 13;
}

/** Values for one parameter, of its guessed types in turn. */
function pool(types: Guesses, named: NamedValues): Value[] {
  const [first, ...others] = types;
  if (first === undefined) return [];
  const likely = sampleValues(first, perParameter, named);
  const further = others.flatMap((type) => sampleValues(type, 3, named));
  return [...likely, ...further.slice(0, perParameter)];
}

function variadicCalls(named: NamedValues, count: number): Call[] {
  const types: ValueType[] = [int, str, listOf(int), listOf(str)];
  return Array.from({ length: count }, (_, row) => {
    const values = sampleValues(types[row % types.length] ?? int, perParameter, named);
    return Array.from(
      { length: 1 + (row % 3) },
      (_, column) => values[(row + column) % values.length] ?? { type: 'none' },
    );
  });
}

/** Texts and numbers that stand in the code, but for its prose. */
function namedValues(tree: SyntaxTree, definition: SyntaxNode): NamedValues {
  const texts = new Set<string>();
  const integers = new Set<bigint>();
  for (const node of descendants(definition)) {
    if (node.type !== 'string' && node.type !== 'integer') continue;
    const read = readValue(textOf(tree, node));
    if (!read.ok) continue;
    if (read.value.type === 'str' && read.value.value.length <= maxText) texts.add(read.value.value);
    if (read.value.type === 'int') {
      for (const near of [0n, 1n, -1n]) integers.add(read.value.value + near);
    }
  }
  return {
    texts: [...texts].slice(0, 8),
    integers: [...integers].filter((each) => each > -1000n && each < 10_000n).slice(0, 10),
  };
}
