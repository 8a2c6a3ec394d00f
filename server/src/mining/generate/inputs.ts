import type { Call } from '../../values/value.ts';
import type { Parameters } from '../entry-signature.ts';
import type { Code } from './named-values.ts';
import { type Pool, poolsOf, restPool } from './pool.ts';
import { sampleValues } from './sample-values.ts';

/** What calls of one entry may be made up of. */
export interface Inputs {
  /** Of hand-picked values, the likeliest first: tried before any other. */
  readonly picked: readonly Call[];
  /** The entry's parameters, for further calls. */
  readonly pools: readonly Pool[];
  /** What it takes in any number after them; null where it does not, or calls leave that out. */
  readonly rest: Pool | null;
}

/**
 * Calls that a function may well take: the likeliest values first, then the second guesses. The same ones each time. None where
 * a parameter that it needs takes what has no literals.
 */
export function inputsOf(
  code: Code,
  parameters: Parameters,
  count: number,
  helpers: readonly Code[] = [],
): Inputs {
  const { tree, node } = code;
  const pools = poolsOf(tree, node, parameters, helpers);
  if (pools.length > 0 || parameters.variadic === null) return inputsFrom(pools, count);
  const rest = restPool(tree, node, parameters.variadic);
  return { picked: variadicCalls(rest, count), pools: [], rest };
}

/** Calls of values out of pools, the later ones left out half of the time where they are not required. */
export function inputsFrom(all: readonly Pool[], count: number): Inputs {
  const unusable = all.findIndex(({ values }) => values.length === 0);
  const pools = unusable === -1 ? all : all.slice(0, unusable);
  const needed = all.findLastIndex(({ isRequired }) => isRequired) + 1;
  if (pools.length < needed) return { picked: [], pools: [], rest: null };
  const picked: Call[] = [];
  for (let row = 0; picked.length < count && row < 4 * count; row += 1) {
    const length = row % 2 === 0 ? needed || Math.min(1, pools.length) : pools.length;
    const values = pools
      .slice(0, length)
      .map(({ values: its }, column) => its[(row * step(column) + column) % its.length]);
    if (values.every((value) => value !== undefined)) picked.push(values);
  }
  return { picked, pools, rest: null };
}

/** Rows advance differently in each column, so that values meet in ever new company. */
function step(column: number): number {
  return [1, 1, 5, 7, 11][column] ?? 13;
}

/** One to three arguments of one type. */
function variadicCalls({ types, named }: Pool, count: number): Call[] {
  return Array.from({ length: count }, (_, row) => {
    const type = types[row % types.length];
    const values = type === undefined ? [] : sampleValues(type, 12, named);
    return Array.from(
      { length: 1 + (row % 3) },
      (_, column) => values[(row + column) % values.length] ?? { type: 'none' },
    );
  });
}
