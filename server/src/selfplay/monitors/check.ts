import type { Share } from '../../../../protocol/report.ts';
import type { Windows } from './series.ts';

/** Groups in a window. Monitors look at two windows in a row, so that what is seen once in a thousand windows is never acted on. */
export const windowGroups = 24;

/** What a monitor found in the newest window. */
export interface Found {
  readonly measured: Share;
  readonly threshold: number;
  readonly detail: string;
}

/** What `test` finds in the newest window, where it finds something in the one before it too. */
export function twice<T>(
  { before, newest }: Windows<T>,
  test: (window: readonly T[]) => Found | undefined,
): Found | undefined {
  if (newest.length === 0 || test(before) === undefined) return undefined;
  return test(newest);
}
