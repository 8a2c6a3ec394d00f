/** α of the paper: what a bug costs that nobody or everybody repairs. */
const degenerate = 0.8;

/**
 * The bug injector's reward in self-play SWE-RL (arXiv 2512.18552, rewards): −1 for a bug that its consistency checks reject
 * (`undefined`), −α where the solve rate s is 0 or 1, else 1 − (1 + α) · s. On valid bugs it is 1.8 · Absolute Zero's − 0.8.
 */
export function injectorReward(solveRate: number | undefined, alpha = degenerate): number {
  if (solveRate === undefined) return -1;
  return solveRate > 0 && solveRate < 1 ? 1 - (1 + alpha) * solveRate : -alpha;
}

/** The repairer's reward in the same paper: 1 where all tests pass, else −1. */
export function repairReward(passed: boolean): number {
  return passed ? 1 : -1;
}
