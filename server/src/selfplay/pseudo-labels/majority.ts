import type { NoLabel } from '../../../../protocol/pseudo-label.ts';
import { judgeOutputAnswer, rewardRelation } from '../../judge/answer.ts';
import { givenOutput } from '../../judge/gold.ts';
import { answerClusters } from '../../review/answer-clusters.ts';

/**
 * The share of answers that have to agree for their answer to be a label: Agent0 (arXiv 2511.16043) keeps 0.3 ≤ p̂ ≤ 0.8 in its
 * released filter, R-Zero (arXiv 2508.05004) for code too. Below, the answer is noise; above, there is nothing left to learn from it.
 */
export const band = { low: 0.3, high: 0.8 } as const;

/** The commonest answer of a group with p̂, the share of all answers that give it; or why it is no label. */
export type Majority = { readonly agreement: number } & (
  | { readonly label: string; readonly noLabel: null }
  | { readonly label: null; readonly noLabel: NoLabel }
);

/** The majority's answer among outputs, equal ones by the relation of every reward. Null: nothing well-formed was answered. */
export function majority(answers: readonly (string | null)[]): Majority {
  const none = (noLabel: NoLabel, agreement: number): Majority => ({ label: null, noLabel, agreement });
  // No verdict tells them apart: none was judged.
  const counted = answers.map((answer) => ({ answer, verdict: 'unjudgeable', count: 1, right: 0 }) as const);
  const [first, second] = answerClusters('deduction', counted).flatMap(({ answer, count }) =>
    answer !== null && givenOutput(answer).ok ? [{ answer, count }] : [],
  );
  if (first === undefined) return none('unreadable', 0);
  const agreement = first.count / answers.length;
  if (second?.count === first.count) return none('tie', agreement);
  if (agreement < band.low) return none('below-band', agreement);
  if (agreement > band.high) return none('above-band', agreement);
  return { label: first.answer, noLabel: null, agreement };
}

/** Whether an answer is the same output as a label. */
export function agrees(answer: string | null, label: string): boolean {
  const read = givenOutput(label);
  return (
    answer !== null && read.ok && judgeOutputAnswer(answer, read.value, rewardRelation).verdict === 'right'
  );
}
