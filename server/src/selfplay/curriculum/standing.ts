import { share } from '../interval.ts';

/** Attempts on a task by one version of the model. */
export interface Tried {
  readonly right: number;
  /** Attempts with a verdict. */
  readonly judged: number;
}

/** Solve rates at which a task teaches most (Bae et al. 2025, arXiv 2504.03380: 0.2 to 0.8). */
export const frontierBand = { low: 0.2, high: 0.8 } as const;

/**
 * What a model's attempts say of a task for it:
 * - `frontier`: its rate lies in the band;
 * - `unknown`: it may: nothing was tried, or the rate lies outside and its 95 % interval does not. `0 of 8` is unknown, not impossible;
 * - `easy`, `hard`: the interval lies above, or below, the band;
 * - `solved`: so, and every attempt was right: 16 or more, two groups of eight;
 * - `parked`: so, and none was: 16 or more.
 */
export type Standing = 'frontier' | 'unknown' | 'easy' | 'hard' | 'solved' | 'parked';

/** How a task stands for a model that tried it so. */
export function standing({ right, judged }: Tried): Standing {
  if (judged === 0) return 'unknown';
  const { low, high } = share(right, judged);
  if (low > frontierBand.high) return right === judged ? 'solved' : 'easy';
  if (high < frontierBand.low) return right === 0 ? 'parked' : 'hard';
  const rate = right / judged;
  return rate >= frontierBand.low && rate <= frontierBand.high ? 'frontier' : 'unknown';
}
