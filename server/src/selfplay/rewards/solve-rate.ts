import { isRight, type Verdict } from '../../../../protocol/judge.ts';
import type { Tried } from '../curriculum/standing.ts';

/** How many of a group's attempts could be judged, and how many of these are right. */
export function triedBy(verdicts: readonly Verdict[]): Tried {
  const judged = verdicts.filter(({ verdict }) => verdict !== 'unjudgeable');
  return { right: judged.filter(isRight).length, judged: judged.length };
}

/** Mean verdict of a group: right ones over all that could be judged; undefined where none could. */
export function solveRate(verdicts: readonly Verdict[]): number | undefined {
  const { right, judged } = triedBy(verdicts);
  return judged === 0 ? undefined : right / judged;
}
