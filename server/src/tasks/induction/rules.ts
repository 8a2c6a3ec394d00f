/** Pairs that an induction task shows, and the least that it hides. Shown and hidden calls are distinct. */
export const shownPairs = 3;
export const minHiddenPairs = 3;
/** Pairs that a program must have before a message for it makes a task. */
export const minPairs = shownPairs + minHiddenPairs;
/** Hidden pairs judged at most: each one is an execution. */
export const maxHiddenPairs = 8;
/** A message is a sentence: shorter ones say nothing, longer ones are not one. */
export const messageLength = { min: 12, max: 240 } as const;
