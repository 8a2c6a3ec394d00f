import type { Kind } from '../../../protocol/kind.ts';

/**
 * How many of a group's valid proposals are played to measure their learnability. The others are kept as tasks and paid
 * without it: eight induction messages alone would take ten minutes on two cores.
 */
export const measuredPerGroup: Readonly<Record<Kind, number>> = {
  deduction: 8,
  abduction: 8,
  induction: 2,
  explain: 0,
};

/** How much of the model each kind gets against the others, counted in samples: those that judge a message among them. */
export const shares: Readonly<Record<Kind, number>> = {
  deduction: 1,
  abduction: 1,
  induction: 1,
  explain: 0.5,
};
