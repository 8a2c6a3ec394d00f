/**
 * Learnability of a task from the mean verdict r̄ of its attempts: 1 − r̄ where 0 < r̄ < 1, else 0 (Absolute Zero, arXiv
 * 2505.03335, section 3.1, equation 4).
 */
export function learnability(solveRate: number): number {
  return solveRate > 0 && solveRate < 1 ? 1 - solveRate : 0;
}

/** At this rate of the best trivial solver and above there is nothing left to be learnt. */
const allGuessed = 0.95;

/**
 * The part of a solve rate that guessing does not explain: r̃ = max(0, (r̄ − c) / (1 − c)), the correction for guessing of test
 * theory (Frary 1988), where c is the best trivial solver's rate. 0 where c ≥ 0.95.
 */
export function guessCorrected(solveRate: number, chance: number): number {
  return chance >= allGuessed ? 0 : Math.max(0, (solveRate - chance) / (1 - chance));
}
