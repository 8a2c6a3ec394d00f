import { share } from '../interval.ts';
import { shareText } from '../share-text.ts';
import { type Found, twice } from './check.ts';
import type { ProposeObservation } from './observation.ts';
import type { Windows } from './series.ts';

/** More than half of one pattern is a proposer that found one trick. */
const collapsed = 0.5;
/** Tasks that a window must have before their patterns say anything. */
const enoughTasks = 16;
/** More than half known already: the archive answers for the model. */
const copied = 0.5;
/** A fall by a quarter of what it was is more than the run's own changes of form and reference make. */
const fallen = 0.75;
/** Siblings come from one prompt and are alike: eight proposals say as much as two drawn apart (a design effect of 4). */
const alike = 4;

/** More than half of a window's new tasks are of one pattern, by the lower end of the interval, in two windows. */
export function collapsingDiversity(proposals: Windows<ProposeObservation>): Found | undefined {
  return twice(proposals, (window) => {
    const counts = new Map<string, number>();
    let tasks = 0;
    for (const pattern of window.flatMap(({ patterns }) => patterns)) {
      counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
      tasks += 1;
    }
    if (tasks < enoughTasks) return undefined;
    const measured = share(Math.max(...counts.values()), tasks);
    if (measured.low <= collapsed) return undefined;
    return { measured, threshold: collapsed, detail: `${shareText(measured)} new tasks are of one pattern.` };
  });
}

/** More than half of what runs is known already, by the lower end of the interval, in two windows. */
export function copyingReferences(proposals: Windows<ProposeObservation>): Found | undefined {
  return twice(proposals, (window) => {
    const measured = siblingShare(total(window, 'known'), total(window, 'ran'));
    if (measured.of === 0 || measured.low <= copied) return undefined;
    return {
      measured,
      threshold: copied,
      detail: `${shareText(measured)} proposals that run are known already.`,
    };
  });
}

/** Fewer than three quarters as many proposals run as in the run's first window, and the intervals do not meet, in two windows. */
export function validRateFalling(proposals: Windows<ProposeObservation>): Found | undefined {
  if (proposals.first.length === 0) return undefined;
  const then = siblingShare(total(proposals.first, 'ran'), total(proposals.first, 'asked'));
  const threshold = (fallen * then.count) / Math.max(1, then.of);
  return twice(proposals, (window) => {
    const measured = siblingShare(total(window, 'ran'), total(window, 'asked'));
    if (measured.high >= then.low || measured.count / Math.max(1, measured.of) >= threshold) return undefined;
    const detail = `${shareText(measured)} proposals run, where ${shareText(then)} did at first.`;
    return { measured, threshold, detail };
  });
}

/** A share of samples that are alike within their groups, with the interval of as many as they are worth. */
function siblingShare(count: number, of: number): ReturnType<typeof share> {
  const { low, high } = share(Math.round(count / alike), Math.round(of / alike));
  return { count, of, low, high };
}

function total(window: readonly ProposeObservation[], field: 'asked' | 'ran' | 'known'): number {
  return window.reduce((sum, group) => sum + group[field], 0);
}
