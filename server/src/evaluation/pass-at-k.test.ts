import fc from 'fast-check';
import { expect, it } from 'vitest';
import { passAtK } from './pass-at-k.ts';

/** Share of all choices of `k` among the samples that hold a right one, by going through them. */
function byCounting(right: readonly boolean[], k: number): number {
  let all = 0;
  let passed = 0;
  for (let chosen = 0; chosen < 2 ** right.length; chosen += 1) {
    const members = right.filter((_, index) => (chosen >> index) % 2 === 1);
    if (members.length !== k) continue;
    all += 1;
    if (members.includes(true)) passed += 1;
  }
  return passed / all;
}

it('is the share of choices of k samples that hold a right one', () => {
  const samples = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 9 })
    .chain((right) => fc.tuple(fc.constant(right), fc.integer({ min: 1, max: right.length })));
  fc.assert(
    fc.property(samples, ([right, k]) => {
      const count = right.filter(Boolean).length;
      expect(passAtK(right.length, count, k)).toBeCloseTo(byCounting(right, k), 12);
    }),
  );
});

it('of one sample is the mean, and grows with k up to 1 where any is right', () => {
  expect(passAtK(8, 3, 1)).toBeCloseTo(3 / 8, 12);
  const rising = Array.from({ length: 8 }, (_, index) => passAtK(8, 1, index + 1));
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
  expect(rising.at(-1)).toBe(1);
  expect(passAtK(8, 0, 8)).toBe(0);
  expect(passAtK(100_000, 1, 1)).toBeCloseTo(1e-5, 12);
});

it.each([
  [8, 9, 1],
  [8, 1, 9],
  [8, 1, 0],
  [0, 0, 1],
  [8, -1, 1],
])('is not there for n %i, right %i, k %i', (n, right, k) => {
  expect(() => passAtK(n, right, k)).toThrow(RangeError);
});
