import type { Share } from '../../../protocol/report.ts';
import type { KnownRate } from '../../../protocol/trace.ts';

/** A rate below this is as good as none. */
const negligible = 0.05;

/** What a share of right attempts tells. */
export function knownRate({ count, of, high }: Share): KnownRate {
  if (of === 0) return 'untried';
  if (count > 0) return 'measured';
  return high < negligible ? 'never' : 'unknown';
}
