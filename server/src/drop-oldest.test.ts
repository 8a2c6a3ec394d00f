import { expect, it } from 'vitest';
import { dropOldest } from './drop-oldest.ts';

it('keeps the newest of a map or set, in their order', () => {
  const map = new Map([1, 2, 3, 4].map((key) => [key, `${key}`]));
  map.delete(1);
  map.set(1, 'again');
  dropOldest(map, 2);
  expect([...map]).toEqual([
    [4, '4'],
    [1, 'again'],
  ]);
  const set = new Set(['a', 'b']);
  dropOldest(set, 2);
  expect([...set]).toEqual(['a', 'b']);
  dropOldest(set, 0);
  expect(set.size).toBe(0);
});
