/** Share of a batch that tasks with few possible outputs may have. */
const mostShare = 0.25;

/**
 * Whether one more task may enter a batch of `size`, of which `few` have outputs with at most ten values (`GuessRates`): those are
 * at most a quarter of it, all others may always.
 */
export function mayEnter(batch: { readonly size: number; readonly few: number }, isFew: boolean): boolean {
  return !isFew || batch.few + 1 <= mostShare * batch.size;
}
