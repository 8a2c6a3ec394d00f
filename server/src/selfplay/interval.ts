import type { Share } from '../../../protocol/report.ts';

/** Two-sided 95 % of the normal distribution. */
export const z95 = 1.959964;

/** A share with its Wilson score interval (Wilson 1927), which holds at 0 of N too. */
export function share(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 };
  const p = count / of;
  const scale = 1 + z95 ** 2 / of;
  const centre = (p + z95 ** 2 / (2 * of)) / scale;
  const half = (z95 / scale) * Math.sqrt((p * (1 - p)) / of + z95 ** 2 / (4 * of ** 2));
  return { count, of, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
