/** Exceptions as outputs, at most this share of the deduction tasks of a set: they ask for a crash, not for a value. */
export const maxExceptionShare = 0.05;

/** What makes a deduction worth solving. */
export const deductionRules: readonly string[] = [
  'The output is none of the arguments and stands in the program nowhere but where the call itself comes by.',
  `An exception is an output in mined code only, in at most ${100 * maxExceptionShare} % of the tasks of a set.`,
];
