import type { Share } from '../../../protocol/report.ts';

/** A rate below this is as good as none. */
const negligible = 0.05;

/**
 * What attempts tell of how often a task is solved. `untried`: nothing was counted; `unknown`: no attempt was right, yet the
 * interval leaves room for a rate worth playing for (`0 of 8` reaches up to 32 %); `never`: it leaves none (`0 of 80`);
 * `measured`: some were right.
 */
export type KnownRate = 'untried' | 'unknown' | 'never' | 'measured';

/** What a share of right attempts tells. */
export function knownRate({ count, of, high }: Share): KnownRate {
  if (of === 0) return 'untried';
  if (count > 0) return 'measured';
  return high < negligible ? 'never' : 'unknown';
}
