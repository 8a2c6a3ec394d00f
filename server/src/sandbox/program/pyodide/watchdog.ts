import { workerData } from 'node:worker_threads';

/**
 * Watches the thread that runs programs, from a thread beside it. When a run's time is over it asks the interpreter to
 * stop, again and again, since a program may catch that; at the hard limit it ends the whole process: the interpreter may be
 * inside of one endless operation that asks nobody, and our parent may be gone.
 */

/** Slots of the shared memory: number of the run that goes on (0: none), its limits, the last run that was interrupted. */
export const slots = { run: 0, softMs: 1, hardMs: 2, interrupted: 3, count: 4 } as const;

/** Between two requests to stop, milliseconds. */
const nudgeMs = 20;

/** What Python's interrupt flag is set to: SIGINT. */
const sigint = 2;

export interface WatchdogData {
  readonly control: Int32Array;
  readonly interrupt: Uint8Array;
}

if (workerData !== null && typeof workerData === 'object') watch(workerData as WatchdogData);

function watch({ control, interrupt }: WatchdogData): never {
  for (;;) {
    Atomics.wait(control, slots.run, 0);
    const run = Atomics.load(control, slots.run);
    if (run === 0) continue;
    const begun = performance.now();
    const softMs = Atomics.load(control, slots.softMs);
    const hardMs = Atomics.load(control, slots.hardMs);
    if (Atomics.wait(control, slots.run, run, softMs) !== 'timed-out') continue;
    while (Atomics.load(control, slots.run) === run) {
      if (performance.now() - begun > hardMs) process.kill(process.pid, 'SIGKILL');
      Atomics.store(control, slots.interrupted, run);
      interrupt[0] = sigint;
      Atomics.wait(control, slots.run, run, nudgeMs);
    }
  }
}
