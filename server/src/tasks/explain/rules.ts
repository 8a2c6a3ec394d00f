import { messageRules, pairRules } from '../induction/rules.ts';

/** Programs that are rebuilt from each message, and once per task and model from the shown pairs alone. */
export const rebuildsWith = 4;
export const rebuildsWithout = 8;

/** What makes a program worth explaining, and a message an explanation. */
export const explainRules: readonly string[] = [
  ...pairRules,
  ...messageRules,
  `A message is worth what it gains: how often one of ${rebuildsWith} programs written from it and the shown pairs gives all pairs, less how often one of ${rebuildsWithout} written from the shown pairs alone does.`,
];
