import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How often a set is drawn anew: the ends of a 95 % interval then rest on fifty draws each. */
const draws = 2_000;

/** The two ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One unit's sums, in the same order for every unit of a set. */
export type Sums = readonly number[];

/**
 * Draws a set of units anew, with replacement, as many as there are, and gives the sums of each draw: the cluster bootstrap
 * (Davison and Hinkley 1997, section 3.8), for tasks of one unit succeed and fail together. The same random seed and the same
 * number of units give the same draws, so that what is computed from them for two models is paired.
 */
export function resample(units: readonly Sums[], randomSeed: number): readonly Sums[] {
  const [first] = units;
  if (first === undefined) return [];
  const generator = xoroshiro128plus(randomSeed);
  return Array.from({ length: draws }, () => {
    const sums = new Array<number>(first.length).fill(0);
    for (let drawn = 0; drawn < units.length; drawn += 1) {
      const unit = units[uniformInt(generator, 0, units.length - 1)] ?? first;
      for (let index = 0; index < sums.length; index += 1)
        sums[index] = (sums[index] ?? 0) + (unit[index] ?? 0);
    }
    return sums;
  });
}

/** The middle 95 % of figures that were drawn (percentile interval: Efron and Tibshirani 1993, chapter 13). */
export function percentileInterval(drawn: readonly number[]): Interval | undefined {
  const sorted = drawn.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = [at(0.025), at(0.975)];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/**
 * Two-sided p-value of "no difference" from differences that were drawn: twice the smaller share of draws on one side of 0, that
 * of 0 itself on both, and one draw added so that it is never 0 (Davison and Hinkley 1997, section 4.2). 1 where there are none.
 */
export function bootstrapP(differences: readonly number[]): number {
  const below = differences.filter((difference) => difference <= 0).length;
  const above = differences.filter((difference) => difference >= 0).length;
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1));
}
