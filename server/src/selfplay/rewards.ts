import type { ProposalVerdict, Reward } from '../../../protocol/group.ts';
import { isRight, type Verdict } from '../../../protocol/judge.ts';

/**
 * Learnability of a task from the mean verdict of its attempts: 1 − r̄ where 0 < r̄ < 1, else 0. The form of Absolute
 * Zero (arXiv 2505.03335, section 3.1), with 0 at both ends as its equation has it.
 */
export function learnability(solveRate: number): number {
  return solveRate > 0 && solveRate < 1 ? 1 - solveRate : 0;
}

/** Mean verdict of a group: right ones over all that could be judged; undefined where none could. */
export function solveRate(verdicts: readonly Verdict[]): number | undefined {
  const judged = verdicts.filter(({ verdict }) => verdict !== 'unjudgeable');
  if (judged.length === 0) return undefined;
  return judged.filter(isRight).length / judged.length;
}

/** Solver: 1 for a right answer, else 0. Well-formedness is told beside it and pays nothing. */
export function solverReward(verdict: Verdict): Reward {
  const correct = verdict.verdict === 'right' ? 1 : 0;
  const malformed =
    verdict.verdict === 'wrong' && (verdict.reason === 'malformed' || verdict.reason === 'cut');
  return { total: correct, parts: { correct, format: malformed ? 0 : 1 } };
}

/** What a valid and new proposal earned with its task. */
export interface Measured {
  /** Mean verdict over the attempts on it; undefined where it was not played. */
  readonly solveRate: number | undefined;
  /** Proposals of the same group that are equal to this one, itself included. */
  readonly siblings: number;
}

/**
 * Proposer: 0 for what is invalid, not new or trivially solved; else (0.5 + 0.5 · learnability) ÷ equal siblings. An
 * invalid proposal costs nothing: a penalty of −0.1 already made a proposer fall silent (Search Self-Play).
 */
export function proposerReward(verdict: ProposalVerdict, measured: Measured | undefined): Reward {
  if (verdict.verdict !== 'valid' || measured === undefined) {
    return { total: 0, parts: { valid: verdict.verdict === 'invalid' ? 0 : 1, new: 0 } };
  }
  const { siblings } = measured;
  const learnable = measured.solveRate === undefined ? 0 : learnability(measured.solveRate);
  const parts = {
    valid: 1,
    new: 1,
    siblings,
    learnability: learnable,
    ...(measured.solveRate === undefined ? {} : { solveRate: measured.solveRate }),
  };
  return { total: (0.5 + 0.5 * learnable) / siblings, parts };
}
