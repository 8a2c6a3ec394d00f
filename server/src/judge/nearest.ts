import { sameValue } from '../values/relations.ts';
import type { Value } from '../values/value.ts';

/**
 * How far apart two values are, from 0 (the same) to 1 (nothing in common): numbers by their difference against their size, tuples
 * of one length by the mean over their items, other containers and strings by what they share at both ends.
 */
export function distance(a: Value, b: Value): number {
  if (isReal(a) && isReal(b)) return numberDistance(Number(a.value), Number(b.value));
  if (a.type === 'tuple' && b.type === 'tuple' && a.items.length === b.items.length) {
    const distances = a.items.map((item, index) => distance(item, b.items[index] ?? item));
    return distances.reduce((sum, part) => sum + part, 0) / Math.max(1, distances.length);
  }
  const [partsOfA, partsOfB] = [parts(a), parts(b)];
  if (a.type !== b.type || partsOfA === undefined || partsOfB === undefined) return sameValue(a, b) ? 0 : 1;
  const longer = Math.max(partsOfA.length, partsOfB.length);
  return longer === 0 ? 0 : 1 - sharedAtEnds(partsOfA, partsOfB) / longer;
}

function isReal(value: Value): value is Extract<Value, { type: 'int' | 'float' }> {
  return value.type === 'int' || value.type === 'float';
}

function numberDistance(a: number, b: number): number {
  if (a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return 1;
  return Math.abs(a - b) / (1 + Math.abs(a) + Math.abs(b));
}

/** What a value is made of, in order; undefined where it is one piece. */
function parts(value: Value): readonly Value[] | undefined {
  switch (value.type) {
    case 'str':
      return [...value.value].map((character) => ({ type: 'str', value: character }));
    case 'bytes':
      return [...value.value].map((byte) => ({ type: 'int', value: BigInt(byte) }));
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      return value.items;
    case 'dict':
      return value.entries.map((entry) => ({ type: 'tuple', items: entry }));
    default:
      return undefined;
  }
}

/** Length of the common head and of the common tail, which do not overlap. */
function sharedAtEnds(a: readonly Value[], b: readonly Value[]): number {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && samePart(a[head], b[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && samePart(a.at(-1 - tail), b.at(-1 - tail))) tail += 1;
  return head + tail;
}

function samePart(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && sameValue(a, b);
}
