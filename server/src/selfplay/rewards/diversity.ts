import type { Measured } from './measured.ts';

/** What a diversity term weighs, and what it is worth at most. A weight of 0 is off. */
export interface DiversityTerm {
  readonly weight: number;
  readonly most: number;
}

export interface DiversityWeights {
  /** 1 − the share of known outputs of its type that are its output: Absolute Zero's answer diversity. */
  readonly output: DiversityTerm;
  /** 1 − the share of everything known that is like it: in the place of Absolute Zero's edit distance to its references. */
  readonly structure: DiversityTerm;
}

/** Off, as in Absolute Zero's own runs: its authors saw no gain (arXiv 2505.03335, appendix). `most` is its code's. */
export const noDiversity: DiversityWeights = {
  output: { weight: 0, most: 0.5 },
  structure: { weight: 0, most: 0.5 },
};

/**
 * What the terms add to a learnable task's reward: Σ min(weight · x, most), as the released code of Absolute Zero combines them
 * (`sum`). Empty where all are off.
 */
export function diversityParts(
  { outputShare, repetition }: Measured,
  weights: DiversityWeights,
): Readonly<Record<string, number>> {
  const term = (name: string, x: number, { weight, most }: DiversityTerm) =>
    weight === 0 ? {} : { [name]: Math.min(weight * x, most) };
  return {
    ...term('outputDiversity', 1 - outputShare, weights.output),
    ...term('structureDiversity', 1 - repetition, weights.structure),
  };
}
