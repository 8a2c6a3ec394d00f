/** Pairs that an induction task shows, and the least that it hides. Shown and hidden calls are distinct. */
export const shownPairs = 3;
export const minHiddenPairs = 5;
/** Pairs that a program must have, made-up ones among them, before a message for it makes a task. */
export const minPairs = shownPairs + minHiddenPairs;
/** Hidden pairs judged at most: each one is an execution. */
export const maxHiddenPairs = 8;
/** Hidden pairs that the typed generator gives where it can, so that not all of them come from where the shown ones do. */
export const generatedHiddenPairs = 4;
/** Different outputs among the hidden pairs, at least. */
export const minHiddenOutputs = 3;
/** Hidden pairs that each trivial program must fail. */
export const minTrivialFailures = 2;
/** A message is a sentence: shorter ones say nothing, longer ones are not one. */
export const messageLength = { min: 12, max: 240 } as const;

/** What makes the pairs of a program worth writing it from. */
export const pairRules: readonly string[] = [
  `At least ${shownPairs} pairs are shown and ${minHiddenPairs} others hidden, all with distinct calls, some of them made up; the hidden ones have at least ${minHiddenOutputs} different outputs.`,
  `Identity, a constant, a table of the shown pairs and the nearest shown pair each fail at least ${minTrivialFailures} hidden pairs.`,
];

/** What a message must be. */
export const messageRules: readonly string[] = [
  `A message is one line of ${messageLength.min} to ${messageLength.max} characters, without code of the program and without the call or output of a pair.`,
];
