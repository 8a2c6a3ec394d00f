import { share } from '../interval.ts';
import { shareText } from '../share-text.ts';
import { type Found, twice } from './check.ts';
import type { SolveObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** Groups in a window: of tasks with few possible outputs, which are a quarter of what is played. 96 attempts tell 0.5 from 0.6. */
export const windowOfGuessable = 12;
/** Below this rate of the best trivial solver there is little to guess. */
const guessable = 0.1;

/**
 * On tasks with few possible outputs the model is right no oftener than the best trivial solver (the lower end of the interval is
 * not above the mean c) and not much rarer (the upper end is above half of it: rarer is failing, not guessing), in two windows.
 */
export function guessing(fewValued: Windows<SolveObservation>): Found | undefined {
  return twice(fewValued, (window) => {
    const judged = window.reduce((sum, group) => sum + group.judged, 0);
    const measured = share(
      window.reduce((sum, { right }) => sum + right, 0),
      judged,
    );
    const chance = window.reduce((sum, group) => sum + group.chance * group.judged, 0) / Math.max(1, judged);
    if (chance < guessable || measured.low > chance || measured.high < chance / 2) return undefined;
    const detail = `${shareText(measured)} answers are right where a trick gets ${Math.round(100 * chance)} %.`;
    return { measured, threshold: chance, detail };
  });
}
