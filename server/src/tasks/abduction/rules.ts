/** Calls that are tried against an output at most: each is an execution, those of other tasks of the program apart. */
export const maxProbes = 32;
/** Of those, the share that gives the output must be lower. */
export const maxHitShare = 0.2;

/** What makes an abduction worth solving. */
export const abductionRules: readonly string[] = [
  'The output is a value: no exception, and not None.',
  `Of at most ${maxProbes} calls that anybody would try (the program's other calls, made-up ones, the output itself, empty values) fewer than ${100 * maxHitShare} % give it.`,
];
