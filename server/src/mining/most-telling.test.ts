import { expect, it } from 'vitest';
import { mostTelling } from './most-telling.ts';

const candidates = [
  { output: '1', lines: [1, 2] },
  { output: '1', lines: [1, 2, 3, 4] },
  { output: '2', lines: [1, 2] },
  { output: '3', lines: [1, 5] },
  { output: '2', lines: [1, 5] },
];
const at = (most: number, shown?: Parameters<typeof mostTelling>[2]) =>
  mostTelling(candidates, most, shown).map((each) => candidates.indexOf(each));

it('takes what runs most new lines first, then new outputs, then no more', () => {
  expect(at(10)).toEqual([1, 3, 2]);
  expect(at(2)).toEqual([1, 3]);
  expect(at(0)).toEqual([]);
});

it('leaves out what others show already', () => {
  expect(at(10, { lines: new Set([1, 2, 3, 4]), outputs: new Set(['2']) })).toEqual([3, 0]);
});
