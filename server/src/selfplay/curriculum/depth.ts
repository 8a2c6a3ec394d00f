import type { Share } from '../../../../protocol/report.ts';

/** Functions of the workspace that a composition calls: two at first, one more from each of these skills on. */
const steps = [0.4, 0.7] as const;

/** How many functions are composed for a model that solves this share of its tasks, surely: by the lower end of the interval. */
export function compositionDepth({ low }: Share): number {
  return 2 + steps.filter((step) => low >= step).length;
}
