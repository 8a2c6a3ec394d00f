import { autodidactProposer, autodidactSolver } from '../rewards/autodidact.ts';
import type { Preset } from './preset.ts';

/** Our own default: rewards corrected for guessing, nothing paid for form, nothing asked for invalid proposals. */
export const autodidact: Preset = {
  name: 'autodidact',
  about: 'our default: rewards corrected for guessing, nothing paid for form',
  estimator: 'leave-one-out',
  groupSize: { propose: 8, solve: 8 },
  forms: ['call', 'variant', 'easier', 'composition', 'program', 'message'],
  references: null,
  limitsFewValued: true,
  retires: true,
  curriculum: true,
  tools: false,
  novelty: false,
  solverRange: [0, 1],
  proposer: (verdict, measured) => autodidactProposer(verdict, measured),
  solver: (verdict) => autodidactSolver(verdict),
};
