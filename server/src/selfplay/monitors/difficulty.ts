import { share } from '../interval.ts';
import { shareText } from '../share-text.ts';
import { type Found, twice } from './check.ts';
import type { SolveObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** Above this share of groups without a difference between siblings, more than half of the model's work teaches nothing. */
const tooEasyShare = 0.5;
/** The frontier is where 20 % and more are solved (R-Zero, SvS): at 20 % of right answers 17 % of groups of 8 have none. */
const tooHardShare = 0.75;

/** More than half of the groups are right throughout, by the lower end of the interval, in two windows. */
export function tooEasy(solves: Windows<SolveObservation>): Found | undefined {
  return twice(solves, (window) => {
    const judged = window.filter((group) => group.judged > 0);
    const measured = share(judged.filter(({ right, judged: of }) => right === of).length, judged.length);
    if (measured.low <= tooEasyShare) return undefined;
    return {
      measured,
      threshold: tooEasyShare,
      detail: `${shareText(measured)} groups are right throughout.`,
    };
  });
}

/** More than three quarters of the groups have no right answer, by the lower end of the interval, in two windows. */
export function tooHard(solves: Windows<SolveObservation>): Found | undefined {
  return twice(solves, (window) => {
    const judged = window.filter((group) => group.judged > 0);
    const measured = share(judged.filter(({ right }) => right === 0).length, judged.length);
    if (measured.low <= tooHardShare) return undefined;
    return {
      measured,
      threshold: tooHardShare,
      detail: `${shareText(measured)} groups have no right answer.`,
    };
  });
}
