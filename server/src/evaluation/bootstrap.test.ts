import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapP, percentileInterval, resample, type Sums } from './bootstrap.ts';

const ratio = ([right = 0, of = 0]: Sums) => right / of;

/** The interval of a share over units of `[right, of]`. */
function intervalOf(units: readonly Sums[], randomSeed = 1) {
  return percentileInterval(resample(units, randomSeed).map(ratio));
}

describe('the interval', () => {
  it('of units of one task each is that of the binomial distribution', () => {
    const units = Array.from({ length: 400 }, (_, index): Sums => [index < 120 ? 1 : 0, 1]);
    const { low, high } = intervalOf(units) ?? { low: 0, high: 0 };
    // 0.3 ± 1.96 · √(0.3 · 0.7 / 400), within what 2,000 draws leave open.
    expect(low).toBeCloseTo(0.3 - 0.0449, 1);
    expect(high).toBeCloseTo(0.3 + 0.0449, 1);
    expect(high - low).toBeGreaterThan(0.08);
    expect(high - low).toBeLessThan(0.1);
  });

  it('does not grow narrower where the tasks of a unit only repeat it', () => {
    const width = (repeats: number) => {
      const units = Array.from({ length: 60 }, (_, index): Sums => [index % 2 === 0 ? repeats : 0, repeats]);
      const { low, high } = intervalOf(units) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(width(10)).toBeCloseTo(width(1), 10);
  });

  it('holds the estimate, lies in [0, 1], and is the same for the same random seed', () => {
    const unit = fc.integer({ min: 0, max: 4 }).map((right): Sums => [right, 4]);
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 20 }), (units) => {
        const interval = intervalOf(units);
        const estimate = ratio(units.reduce(([a = 0, b = 0], [c = 0, d = 0]) => [a + c, b + d]));
        expect(interval?.low).toBeGreaterThanOrEqual(0);
        expect(interval?.high).toBeLessThanOrEqual(1);
        expect(interval?.low).toBeLessThanOrEqual(estimate);
        expect(interval?.high).toBeGreaterThanOrEqual(estimate);
        expect(intervalOf(units)).toEqual(interval);
      }),
      { numRuns: 15 },
    );
    const units = Array.from({ length: 30 }, (_, index): Sums => [index % 3, 3]);
    expect(intervalOf(units, 2)).not.toEqual(resample(units, 1));
  });

  it('of nothing is not there', () => {
    expect(intervalOf([])).toBeUndefined();
    expect(intervalOf([[0, 0]])).toBeUndefined();
  });
});

describe('the p-value', () => {
  const ofDifferences = (first: (index: number) => number) =>
    bootstrapP(
      resample(
        Array.from({ length: 50 }, (_, index): Sums => [first(index)]),
        3,
      ).map(([d = 0]) => d),
    );

  it('is 1 where nothing differs, small where one is always better, large where they take turns', () => {
    expect(ofDifferences(() => 0)).toBe(1);
    expect(ofDifferences(() => 1)).toBeLessThan(0.002);
    expect(ofDifferences((index) => (index % 2 === 0 ? 1 : -1))).toBeGreaterThan(0.5);
    expect(bootstrapP([])).toBe(1);
  });

  it('takes a real difference for chance about as seldom as it says', () => {
    // Differences that are chance alone: p is below 0.1 about one time in ten.
    let low = 0;
    const numbers = fc.sample(fc.array(fc.constantFrom(-1, 0, 1), { minLength: 40, maxLength: 40 }), {
      numRuns: 200,
      seed: 5,
    });
    for (const differences of numbers) {
      const units = differences.map((difference): Sums => [difference]);
      if (bootstrapP(resample(units, 4).map(([d = 0]) => d)) < 0.1) low += 1;
    }
    expect(low).toBeGreaterThan(5);
    expect(low).toBeLessThan(45);
  });
});
