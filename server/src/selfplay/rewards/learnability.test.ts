import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessCorrected, learnability } from './learnability.ts';

/** What our proposer is paid by; with c = 0 it is Absolute Zero's. */
const correctedLearnability = (solved: number, chance: number) =>
  learnability(guessCorrected(solved, chance));

const rate = fc.double({ min: 0, max: 1, noNaN: true });

describe('learnability', () => {
  it('is 1 − r̄ between the ends and 0 at both of them', () => {
    // Absolute Zero's eight binary attempts: 0, then .875 … .125, then 0.
    const rates = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((right) => right / 8);
    expect(rates.map(learnability)).toEqual([0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0]);
  });
});

describe('correction for guessing', () => {
  it.each([
    // r̄, c, r̃, L
    [0.5, 0, 0.5, 0.5],
    [0.5, 0.5, 0, 0],
    [0.75, 0.5, 0.5, 0.5],
    [0.25, 0.5, 0, 0],
    [0.625, 0.25, 0.5, 0.5],
    [1, 0.5, 1, 0],
    [0.97, 0.95, 0, 0],
    [0.97, 1, 0, 0],
  ])('of r̄ %d with c %d is %d, learnability %d', (solved, chance, corrected, expected) => {
    expect(guessCorrected(solved, chance)).toBeCloseTo(corrected, 12);
    expect(correctedLearnability(solved, chance)).toBeCloseTo(expected, 12);
  });

  it('stays in [0, 1], is never NaN, and 0 for what is never or always solved', () => {
    fc.assert(
      fc.property(rate, rate, (solved, chance) => {
        for (const value of [guessCorrected(solved, chance), correctedLearnability(solved, chance)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(correctedLearnability(0, chance)).toBe(0);
        expect(correctedLearnability(1, chance)).toBe(0);
      }),
    );
  });

  it('pays nothing at and below chance, and is Absolute Zero’s without any', () => {
    fc.assert(
      fc.property(rate, rate, (solved, chance) => {
        expect(correctedLearnability(Math.min(solved, chance), chance)).toBe(0);
        expect(correctedLearnability(solved, 0)).toBe(learnability(solved));
      }),
    );
  });
});
