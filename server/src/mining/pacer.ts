import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long mining may hold the event loop at a time, milliseconds: whoever shares the thread stays responsive. */
export const sliceMs = 8;

/** To be awaited between small steps of long work: gives the event loop its turn when it is due. Rejects when aborted. */
export type Pace = () => Promise<void>;

export function createPacer(signal: AbortSignal): Pace {
  let due = performance.now() + sliceMs;
  return async () => {
    if (performance.now() < due) return;
    await nextTurn();
    signal.throwIfAborted();
    due = performance.now() + sliceMs;
  };
}
