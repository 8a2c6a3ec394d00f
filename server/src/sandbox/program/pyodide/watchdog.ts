import { Worker, workerData } from 'node:worker_threads';

/**
 * Watches the thread that runs programs, from a thread beside it. When a run's time is over it asks the interpreter to
 * stop, again and again, since a program may catch that; at the hard limit it ends the whole process: the interpreter may be
 * inside of one endless operation that asks nobody, and our parent may be gone.
 */

/**
 * Slots of the shared memory: number of the run that goes on (0: none), its limits, the last run that was interrupted, whether
 * the watchdog may be interrupting now.
 */
const slots = { run: 0, softMs: 1, hardMs: 2, interrupted: 3, nudging: 4, count: 5 } as const;

/** Between two requests to stop, milliseconds. */
const nudgeMs = 20;

/** What Python's interrupt flag is set to: SIGINT. */
const sigint = 2;

interface Shared {
  readonly control: Int32Array;
  readonly interrupt: Uint8Array;
}

/** The watchdog, seen from the thread that it watches. */
export interface Clock {
  /** The buffer by which interpreters are asked to stop. */
  readonly interrupt: Uint8Array;
  begin(run: number, limits: { readonly softMs: number; readonly hardMs: number }): void;
  /** Whether the run was asked to stop. */
  end(run: number): boolean;
}

/** Starts the watchdog of this process. */
export function startWatchdog(program: string): Clock {
  const control = new Int32Array(new SharedArrayBuffer(4 * slots.count));
  const interrupt = new Uint8Array(new SharedArrayBuffer(1));
  const worker = new Worker(program, { workerData: { control, interrupt } satisfies Shared });
  worker.unref();
  const tell = (run: number) => {
    interrupt[0] = 0;
    Atomics.store(control, slots.run, run);
    Atomics.notify(control, slots.run);
  };
  return {
    interrupt,
    begin: (run, { softMs, hardMs }) => {
      Atomics.store(control, slots.interrupted, 0);
      Atomics.store(control, slots.softMs, softMs);
      Atomics.store(control, slots.hardMs, hardMs);
      tell(run);
    },
    end: (run) => {
      tell(0);
      // One that comes late would stop the next program.
      while (Atomics.load(control, slots.nudging) === 1) Atomics.wait(control, slots.nudging, 1, 1);
      interrupt[0] = 0;
      return Atomics.load(control, slots.interrupted) === run;
    },
  };
}

if (workerData !== null && typeof workerData === 'object') watch(workerData as Shared);

function watch({ control, interrupt }: Shared): never {
  for (;;) {
    Atomics.wait(control, slots.run, 0);
    const run = Atomics.load(control, slots.run);
    if (run === 0) continue;
    const begun = performance.now();
    const softMs = Atomics.load(control, slots.softMs);
    const hardMs = Atomics.load(control, slots.hardMs);
    if (Atomics.wait(control, slots.run, run, softMs) !== 'timed-out') continue;
    Atomics.store(control, slots.nudging, 1);
    while (Atomics.load(control, slots.run) === run) {
      if (performance.now() - begun > hardMs) process.kill(process.pid, 'SIGKILL');
      Atomics.store(control, slots.interrupted, run);
      interrupt[0] = sigint;
      Atomics.wait(control, slots.run, run, nudgeMs);
    }
    Atomics.store(control, slots.nudging, 0);
    Atomics.notify(control, slots.nudging);
  }
}
