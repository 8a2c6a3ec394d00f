import { sameValue } from '../values/relations.ts';
import type { Value } from '../values/value.ts';

/**
 * How far apart two values are, from 0 (the same) to 1 (nothing in common): numbers by their difference against their size,
 * strings and lists by what they share at both ends, dicts and sets by the members that they share; of different types, 1.
 */
export function distance(a: Value, b: Value): number {
  if (sameValue(a, b)) return 0;
  if ((a.type === 'int' || a.type === 'float') && (b.type === 'int' || b.type === 'float')) {
    return numberDistance(Number(a.value), Number(b.value));
  }
  if (a.type === 'str' && b.type === 'str') return sequenceDistance([...a.value], [...b.value], Object.is);
  if (a.type === 'bytes' && b.type === 'bytes')
    return sequenceDistance([...a.value], [...b.value], Object.is);
  if ((a.type === 'list' && b.type === 'list') || (a.type === 'tuple' && b.type === 'tuple')) {
    if (a.items.length === b.items.length) return meanDistance(a.items, b.items);
    return sequenceDistance(a.items, b.items, sameValue);
  }
  const [membersA, membersB] = [members(a), members(b)];
  if (a.type !== b.type || membersA === undefined || membersB === undefined) return 1;
  return membersA.length === membersB.length
    ? meanDistance(membersA, membersB)
    : sequenceDistance(membersA, membersB, sameValue);
}

function numberDistance(a: number, b: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return 1;
  // Below 1 by construction: even numbers of opposite signs are nearer than values of different types.
  return Math.abs(a - b) / (1 + Math.abs(a) + Math.abs(b));
}

function meanDistance(a: readonly Value[], b: readonly Value[]): number {
  const distances = a.map((item, index) => distance(item, b[index] ?? item));
  return distances.reduce((sum, part) => sum + part, 0) / Math.max(1, distances.length);
}

function sequenceDistance<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): number {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  const differs = (x: T, index: number) => !same(x, longer[index] as T);
  const head = shorter.findIndex(differs);
  if (head < 0) return 1 - shorter.length / longer.length;
  const offset = longer.length - shorter.length;
  const tail = shorter.toReversed().findIndex((x, index) => !same(x, longer[longer.length - 1 - index] as T));
  const shared = Math.min(head + (tail < 0 ? shorter.length : tail), shorter.length);
  return offset === 0 && shared === shorter.length ? 0 : 1 - shared / longer.length;
}

function members(value: Value): readonly Value[] | undefined {
  if (value.type === 'set' || value.type === 'frozenset') return value.items;
  if (value.type === 'dict')
    return value.entries.map(([key, item]) => ({ type: 'tuple', items: [key, item] }));
  return undefined;
}
