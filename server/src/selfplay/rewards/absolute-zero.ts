import type { ProposalVerdict, Reward } from '../../../../protocol/group.ts';
import type { Verdict } from '../../../../protocol/judge.ts';
import { isWellFormed } from '../sample-outcome.ts';
import { learnability } from './learnability.ts';
import type { Measured } from './measured.ts';

/** The lower two steps of the composite reward (arXiv 2505.03335, section 3.1, equation 6). */
const worthless = -0.5;
const malformed = -1;

/** What is paid for a valid task that all attempts or none solve: 0 by the paper's equation 4, −0.5 in the released code. */
export type Ends = 'paper' | 'code';

/**
 * Absolute Zero's proposer (arXiv 2505.03335, section 3.1): learnability (equation 4) in the format composite (equation 6): −1 for
 * what cannot be read, −0.5 for what can and is no task. The released code differs: −1 for both, −0.5 at both ends (`ends`).
 * Ours differs: what is not new or trivially solved is no task either; a task that was not played earns 0.
 */
export function absoluteZeroProposer(
  verdict: ProposalVerdict,
  measured: Measured | undefined,
  ends: Ends = 'paper',
): Reward {
  if (verdict.verdict !== 'valid' || measured === undefined) {
    const format = isWellFormed({ verdict }) ? 1 : 0;
    return { total: format === 1 ? worthless : malformed, parts: { format, valid: 0 } };
  }
  const { solveRate } = measured;
  if (solveRate === undefined) return { total: 0, parts: { format: 1, valid: 1 } };
  const learnable = learnability(solveRate);
  const total = learnable === 0 && ends === 'code' ? worthless : learnable;
  return { total, parts: { format: 1, valid: 1, learnability: learnable, solveRate } };
}

/** Absolute Zero's solver (section 3.1, equations 5 and 6): 1 right, −0.5 wrong, −1 where there is no answer to read. */
export function absoluteZeroSolver(verdict: Verdict): Reward {
  const correct = verdict.verdict === 'right' ? 1 : 0;
  const format = isWellFormed({ verdict }) ? 1 : 0;
  const total = correct === 1 ? 1 : format === 1 ? worthless : malformed;
  return { total, parts: { correct, format } };
}
