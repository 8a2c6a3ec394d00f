import { createHash } from 'node:crypto';
import { type Arbitrary, array, constantFrom, oneof, sample, tuple } from 'fast-check';
import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { Inputs } from './inputs.ts';
import { mutationOf } from './mutation.ts';
import { nothingNamed } from './named-values.ts';
import type { Pool } from './pool.ts';
import { strategyOf } from './strategy.ts';
import { concreteTypes, shapeOf, typeOfValue, type ValueType } from './value-type.ts';

/** Characters of a call, from which on it is too large for a task. */
const maxCall = 1_024;

/** Calls from which a shape of an argument must have been refused, and by all of them, to be doubted. */
const fewestRefused = 3;

/** A call that was tried, and whether it was refused for the types of its arguments (`TypeError`, `AttributeError`). */
export interface TriedCall {
  readonly call: Call;
  readonly isMistyped: boolean;
}

/**
 * Further calls of an entry, none of those that were tried: drawn by the parameters' types, as far as these were not refused before,
 * and good calls with one thing changed where there are some, half of each. The same ones each time, and for entries that take the
 * same types: so it shows where two of them give the same.
 */
export function furtherCalls(
  inputs: Inputs,
  tried: readonly TriedCall[],
  good: readonly Call[],
  count: number,
): Call[] {
  const known = new Set(tried.map(({ call }) => writeCall(call)));
  const drawn = drawnCalls(inputs, tried);
  const named = inputs.pools[0]?.named ?? inputs.rest?.named ?? nothingNamed;
  const changed = good.length === 0 ? [] : [constantFrom(...good).chain((call) => mutationOf(call, named))];
  const calls = [
    ...(drawn.length === 0 ? [] : [{ weight: 1, arbitrary: oneof(...drawn) }]),
    ...changed.map((arbitrary) => ({ weight: 1, arbitrary })),
  ];
  if (calls.length === 0) return [];
  const shapes = inputs.pools.map(({ types }) => types.map(shapeOf));
  const randomSeed = createHash('sha256')
    .update(JSON.stringify([shapes, tried.length]))
    .digest()
    .readInt32LE();
  const fresh: Call[] = [];
  for (const call of sample(oneof(...calls), { seed: randomSeed, numRuns: 3 * count })) {
    const text = writeCall(call);
    if (fresh.length === count || known.has(text) || text.length > maxCall) continue;
    known.add(text);
    fresh.push(call);
  }
  return fresh;
}

/** Calls of drawn values: as short as may be and as long as may be. */
function drawnCalls({ pools, rest }: Inputs, tried: readonly TriedCall[]): Arbitrary<Call>[] {
  const arguments_ = pools.map((pool, at) => argument(pool, at, tried));
  const needed = pools.findLastIndex(({ isRequired }) => isRequired) + 1;
  const lengths = [Math.max(needed, Math.min(1, pools.length)), pools.length];
  const positional = [...new Set(lengths)]
    .filter((length) => length > 0)
    .map((length) => tuple(...arguments_.slice(0, length)));
  if (rest === null) return positional;
  // People give one function many things of one type.
  const variadic = rest.types.map((type) =>
    array(strategyOf(type, rest.named), { minLength: 1, maxLength: 3 }),
  );
  return [...positional, oneof(...variadic)];
}

/** Values of one parameter: of its likeliest types most, and of those that were not refused; of refused ones none. */
function argument({ types, named }: Pool, at: number, tried: readonly TriedCall[]) {
  const all = distinctShapes(types.flatMap((type) => concreteTypes(type)));
  const known = all.map((type) => ({ type, taken: isTaken(type, at, tried) }));
  const open = known.filter(({ taken }) => taken !== false);
  return oneof(
    ...(open.length === 0 ? known : open).map(({ type, taken }, rank) => ({
      weight: Math.max(1, 8 >> rank) * (taken === true ? 4 : 1),
      arbitrary: strategyOf(type, named),
    })),
  );
}

/** Whether an argument's type is taken there; false where all calls were refused for their types, undefined where that is open. */
function isTaken(type: ValueType, at: number, tried: readonly TriedCall[]): boolean | undefined {
  const shape = shapeOf(type);
  const its = tried.filter(({ call }) => {
    const value = call[at];
    return value !== undefined && shapeOf(typeOfValue(value)) === shape;
  });
  if (its.some(({ isMistyped }) => !isMistyped)) return true;
  return its.length >= fewestRefused ? false : undefined;
}

function distinctShapes(types: readonly ValueType[]): ValueType[] {
  const seen = new Set<string>();
  return types.filter((type) => {
    const shape = shapeOf(type);
    return !seen.has(shape) && seen.add(shape);
  });
}
