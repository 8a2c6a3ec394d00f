import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactMcNemar } from './mcnemar.ts';

it.each([
  // Sums of binomial coefficients over powers of two, exactly.
  [0, 0, 1],
  [1, 0, 1],
  [0, 6, 2 / 64],
  [1, 9, 22 / 1024],
  [5, 5, 1],
  // Discordant pairs of published tables, by exact rational arithmetic.
  [86, 150, 3.715936139571442e-5],
  [59, 121, 4.434449263755176e-6],
])('of %i against %i is %f', (first, second, p) => {
  expect(exactMcNemar(first, second) / p).toBeCloseTo(1, 9);
});

it('is twice the smaller binomial tail, the same from both sides', () => {
  const count = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(count, count, (first, second) => {
      const n = BigInt(first + second);
      let coefficient = 1n;
      let tail = 0n;
      for (let k = 0n; k <= BigInt(Math.min(first, second)); k += 1n) {
        tail += coefficient;
        coefficient = (coefficient * (n - k)) / (k + 1n);
      }
      const p = Math.min(1, (2 * Number(tail)) / 2 ** Number(n));
      expect(exactMcNemar(first, second)).toBeCloseTo(p, 12);
      expect(exactMcNemar(second, first)).toBe(exactMcNemar(first, second));
    }),
  );
});

it('does not lose itself in large counts', () => {
  expect(exactMcNemar(5_000, 5_000)).toBe(1);
  expect(exactMcNemar(4_000, 6_000)).toBeLessThan(1e-80);
});
