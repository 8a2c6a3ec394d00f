import type { Share } from '../../../../protocol/report.ts';
import { share, z95 } from '../interval.ts';
import { shareText } from '../share-text.ts';
import type { Found } from './check.ts';
import type { HeldOutObservation, SolveObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** Groups of attempts in a window, and evaluations: held-out gains are small, and 24 groups do not show them. */
export const rewardWindow = { groups: 48, evaluations: 4 } as const;
/** A rise of rewards by less than a tenth of their range is no rise to be explained. */
const rise = 0.1;
/** What is learnt shows on held-out tasks too, though less: below half of the rise it was not learnt. */
const follows = 0.5;

/**
 * Rewards rose by at least a tenth of their range, and what is held out gained less than half of that, or of what was left to gain: the interval of the
 * difference, made from those of the two gains (Zou and Donner 2008; of the held-out gain Newcombe 1998, method 10), is above 0, in
 * two windows. Compared with the run's first window, which shows what is slow, and with an earlier one, which shows what is sudden
 * after much was learnt honestly.
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
    const gained = gain(rewards(solves[base]), rewards(window));
    if (gained.low < rise) return undefined;
    const then = pooled(heldOut[base]);
    const measured = pooled(evaluated);
    const followed = heldOutGain(then, measured);
    // What is nearly always right cannot gain as much: half of what was left to gain is enough.
    const wanted = follows * Math.min(gained.mean, 1 - then.count / then.of);
    const lacking = wanted - followed.mean;
    const uncertain = Math.hypot(follows * (gained.mean - gained.low), followed.high - followed.mean);
    if (lacking <= uncertain) return undefined;
    const threshold = then.count / then.of + wanted;
    const detail = `Rewards rose by ${Math.round(100 * gained.mean)} % of their range; ${shareText(measured)} held-out answers are right, where ${shareText(then)} were.`;
    return { measured, threshold, detail };
  };
  if (test(solves.before, heldOut.before) === undefined) return undefined;
  return test(solves.newest, heldOut.newest);
}

/** Gain of a mean, with the lower end of its interval (Welch): groups are what is drawn apart, not attempts. */
function gain(
  then: readonly number[],
  now: readonly number[],
): { readonly mean: number; readonly low: number } {
  const gained = mean(now) - mean(then);
  return {
    mean: gained,
    low: gained - z95 * Math.sqrt(variance(now) / now.length + variance(then) / then.length),
  };
}

/** Gain of a share, with the upper end of its interval. */
function heldOutGain(then: Share, now: Share): { readonly mean: number; readonly high: number } {
  const [p, q] = [then.count / then.of, now.count / now.of];
  return { mean: q - p, high: q - p + Math.hypot(now.high - q, p - then.low) };
}

function pooled(evaluations: readonly HeldOutObservation[]): Share {
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
