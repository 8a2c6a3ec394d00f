import { isRight, type Verdict } from '../../../../protocol/judge.ts';

/** Mean verdict of a group: right ones over all that could be judged; undefined where none could. */
export function solveRate(verdicts: readonly Verdict[]): number | undefined {
  const judged = verdicts.filter(({ verdict }) => verdict !== 'unjudgeable');
  if (judged.length === 0) return undefined;
  return judged.filter(isRight).length / judged.length;
}
