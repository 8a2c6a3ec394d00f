import type { Estimate, EvaluatedTask } from '../../../protocol/evaluation.ts';
import { share } from '../selfplay/interval.ts';
import { type Interval, percentileInterval, type Sums } from './bootstrap.ts';

/** Sums by the unit that a task is about, in the order in which units come: tasks of one unit are no independent observations. */
export function unitSums<T extends Pick<EvaluatedTask, 'unit'>>(
  tasks: readonly T[],
  sumsOf: (task: T) => Sums,
): readonly Sums[] {
  const units = new Map<string, number[]>();
  for (const task of tasks) {
    const sums = sumsOf(task);
    const unit = units.get(task.unit.unitHash);
    if (unit === undefined) units.set(task.unit.unitHash, [...sums]);
    else for (const [index, sum] of sums.entries()) unit[index] = (unit[index] ?? 0) + sum;
  }
  return [...units.values()];
}

/** The sums of all. */
export function total(units: readonly Sums[]): Sums {
  const [first = [], ...others] = units;
  return others.reduce((sum, unit) => sum.map((value, index) => value + (unit[index] ?? 0)), first);
}

/** Sums of a set, its units and its draws. */
export interface Summed {
  readonly units: readonly Sums[];
  readonly all: Sums;
  readonly drawn: readonly Sums[];
}

/**
 * A share, one sum over another, with its interval from the draws; null of nothing. Where units do not differ (nobody right, all
 * right, one unit) every draw is the same and says nothing of what was not met: then Wilson's interval over the units.
 */
export function estimateShare({ units, all, drawn }: Summed, count: number, of: number): Estimate | null {
  const ratio = (sums: Sums) => (sums[count] ?? 0) / (sums[of] ?? 0);
  const value = ratio(all);
  const counted = units.filter((sums) => (sums[of] ?? 0) > 0).length;
  if (counted === 0) return null;
  const { low, high } = spread(drawn.map(ratio)) ?? share(value * counted, counted);
  return { value, low, high };
}

/**
 * A mean difference with its interval; null of nothing. Where all draws are the same, it is as wide as what units of another kind
 * can have in a set that holds none (Wilson).
 */
export function estimateDifference({ units, all, drawn }: Summed, sum: number, of: number): Estimate | null {
  if (units.length === 0) return null;
  const ratio = (sums: Sums) => (sums[sum] ?? 0) / (sums[of] ?? 0);
  const value = ratio(all);
  const unseen = share(0, units.length).high;
  const { low, high } = spread(drawn.map(ratio)) ?? {
    low: Math.max(-1, value - unseen),
    high: Math.min(1, value + unseen),
  };
  return { value, low, high };
}

/** The interval of figures that were drawn; undefined where they do not differ. */
function spread(drawn: readonly number[]): Interval | undefined {
  const interval = percentileInterval(drawn);
  return interval === undefined || interval.high - interval.low < 1e-12 ? undefined : interval;
}
