import { autodidactProposer } from '../rewards/autodidact.ts';
import type { DiversityWeights } from '../rewards/diversity.ts';
import { autodidact } from './autodidact.ts';
import type { Preset } from './preset.ts';

/** Each adds at most a quarter to a reward of 0.5 to 1, so that what is learnt still counts for most. */
const weights: DiversityWeights = {
  output: { weight: 0.25, most: 0.5 },
  structure: { weight: 0.25, most: 0.5 },
};

/** Our default with the diversity terms of Absolute Zero's appendix, which its authors left off: for a proposer that repeats itself. */
export const diverse: Preset = {
  ...autodidact,
  name: 'diverse',
  about: 'our default, and more for a learnable proposal that is unlike what is known',
  novelty: true,
  proposer: (verdict, measured) => autodidactProposer(verdict, measured, weights),
};
