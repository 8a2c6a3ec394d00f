import type { ProposalVerdict, Reward } from '../../../../protocol/group.ts';
import type { Verdict } from '../../../../protocol/judge.ts';
import { isWellFormed } from '../sample-outcome.ts';
import { type DiversityWeights, diversityParts, noDiversity } from './diversity.ts';
import { guessCorrected, learnability } from './learnability.ts';
import type { Measured } from './measured.ts';

/** Solver: 1 for a right answer, else 0. Well-formedness is told beside it and pays nothing. */
export function autodidactSolver(verdict: Verdict): Reward {
  const correct = verdict.verdict === 'right' ? 1 : 0;
  return { total: correct, parts: { correct, format: isWellFormed({ verdict }) ? 1 : 0 } };
}

/**
 * Proposer: 0 for what is invalid, not new or trivially solved, and for what is of a pattern shown to be answered by guessing
 * alone; else (0.5 + 0.5 · L) ÷ equal siblings, L the learnability of the rate corrected for guessing. An invalid proposal costs
 * nothing: a penalty of −0.1 already made a proposer fall silent (Search Self-Play).
 */
export function autodidactProposer(
  verdict: ProposalVerdict,
  measured: Measured | undefined,
  diversity: DiversityWeights = noDiversity,
): Reward {
  if (verdict.verdict !== 'valid' || measured === undefined) {
    return { total: 0, parts: { valid: verdict.verdict === 'invalid' ? 0 : 1, new: 0 } };
  }
  const { siblings, solveRate, chance, atChance } = measured;
  const base = { valid: 1, new: 1, siblings };
  if (solveRate === undefined) return { total: 0.5 / siblings, parts: { ...base, learnability: 0 } };
  const corrected = guessCorrected(solveRate, chance);
  const learnable = atChance ? 0 : learnability(corrected);
  const added = learnable > 0 ? diversityParts(measured, diversity) : {};
  const parts = {
    ...base,
    learnability: learnable,
    solveRate,
    chance,
    corrected,
    atChance: atChance ? 1 : 0,
    ...added,
  };
  const sum = Object.values(added).reduce((total, part) => total + part, 0.5 + 0.5 * learnable);
  return { total: atChance ? 0 : sum / siblings, parts };
}
