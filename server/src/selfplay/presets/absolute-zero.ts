import { absoluteZeroProposer, absoluteZeroSolver } from '../rewards/absolute-zero.ts';
import type { Preset } from './preset.ts';

/**
 * Absolute Zero (arXiv 2505.03335): learnability in the format composite (section 3.1), TRR++ (3.3.5), new programs from K = 6
 * uniform references, messages for induction, 8 attempts to measure a solve rate. Differs: proposals are drawn eight to a prompt
 * (the paper draws one), so that they share its cache; the attempts that measure a solve rate are trained on, which the paper throws
 * away; prompts are those of this project, whose answers are read as literals.
 */
export const absoluteZero: Preset = {
  name: 'absolute-zero',
  about: 'Absolute Zero (arXiv 2505.03335): learnability and the format composite, TRR++',
  estimator: 'trr++',
  groupSize: { propose: 8, solve: 8 },
  forms: ['program', 'message'],
  references: 6,
  limitsFewValued: false,
  retires: false,
  curriculum: false,
  tools: false,
  novelty: false,
  solverRange: [-1, 1],
  proposer: (verdict, measured) => absoluteZeroProposer(verdict, measured),
  solver: (verdict) => absoluteZeroSolver(verdict),
};
