import { share } from '../interval.ts';
import { type Found, tellShare, twice } from './check.ts';
import type { SolveObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** Below this rate of the best trivial solver there is little to guess. */
const guessable = 0.1;
/** Guessable groups that a window must have. */
const enough = 8;

/**
 * On tasks that can be guessed (c ≥ 0.1) the model is right no oftener than the best trivial solver (the lower end of the interval
 * is not above the mean c) and not much rarer (the upper end is above half of it: rarer is failing, not guessing), in two windows.
 */
export function guessing(solves: Windows<SolveObservation>): Found | undefined {
  return twice(solves, (window) => {
    const groups = window.filter(({ chance, judged }) => chance >= guessable && judged > 0);
    if (groups.length < enough) return undefined;
    const judged = groups.reduce((sum, group) => sum + group.judged, 0);
    const measured = share(groups.reduce((sum, { right }) => sum + right, 0), judged);
    const chance = groups.reduce((sum, group) => sum + group.chance * group.judged, 0) / judged;
    if (measured.low > chance || measured.high < chance / 2) return undefined;
    const detail = `${tellShare(measured)} answers are right where a trick gets ${Math.round(100 * chance)} %.`;
    return { measured, threshold: chance, detail };
  });
}
