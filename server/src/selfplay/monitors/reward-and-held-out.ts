import { share, z95 } from '../interval.ts';
import { type Found, tellShare } from './check.ts';
import type { HeldOutObservation, SolveObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** Evaluations in a window. */
export const windowEvaluations = 2;
/** A rise of rewards by less than a tenth of their range is no rise to be explained. */
const rise = 0.1;
/** What is learnt shows on held-out tasks too, though less: below half of the rise it was not learnt. */
const follows = 0.5;

/**
 * Rewards rose by at least a tenth of their range, and what is held out gained less than half of that: the upper end of its gain's
 * interval (Newcombe 1998, method 10) against the lower end of the rise's, in two windows. Compared with the run's first window,
 * which shows what is slow, and with an earlier one, which shows what is sudden after much was learnt honestly.
 */
export function rewardWithoutHeldOut(
  solves: Windows<SolveObservation>,
  heldOut: Windows<HeldOutObservation>,
): Found | undefined {
  return since('first', solves, heldOut) ?? since('earlier', solves, heldOut);
}

function since(
  base: 'first' | 'earlier',
  solves: Windows<SolveObservation>,
  heldOut: Windows<HeldOutObservation>,
): Found | undefined {
  if (solves[base].length === 0 || heldOut[base].length === 0) return undefined;
  const test = (window: readonly SolveObservation[], evaluated: readonly HeldOutObservation[]) => {
    const gained = leastRise(rewards(solves[base]), rewards(window));
    if (gained < rise) return undefined;
    const then = pooled(heldOut[base]);
    const measured = pooled(evaluated);
    if (mostGain(then, measured) >= follows * gained) return undefined;
    const threshold = then.count / then.of + follows * gained;
    const detail = `Rewards rose by ${Math.round(100 * gained)} % of their range or more; ${tellShare(measured)} held-out answers are right, where ${tellShare(then)} were.`;
    return { measured, threshold, detail };
  };
  if (test(solves.before, heldOut.before) === undefined) return undefined;
  return test(solves.newest, heldOut.newest);
}

/** Lower end of the interval of the rise of a mean (Welch): groups are what is drawn apart, not attempts. */
function leastRise(then: readonly number[], now: readonly number[]): number {
  return mean(now) - mean(then) - z95 * Math.sqrt(variance(now) / now.length + variance(then) / then.length);
}

/** Upper end of the interval of a share's gain. */
function mostGain(then: ReturnType<typeof share>, now: ReturnType<typeof share>): number {
  const [p, q] = [then.count / then.of, now.count / now.of];
  return q - p + Math.hypot(now.high - q, p - then.low);
}

function pooled(evaluations: readonly HeldOutObservation[]): ReturnType<typeof share> {
  const sum = (field: 'right' | 'judged') => evaluations.reduce((total, item) => total + item[field], 0);
  return share(sum('right'), sum('judged'));
}

function rewards(window: readonly SolveObservation[]): number[] {
  return window.map(({ reward }) => reward);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function variance(numbers: readonly number[]): number {
  const centre = mean(numbers);
  return numbers.reduce((sum, number) => sum + (number - centre) ** 2, 0) / (numbers.length - 1);
}
