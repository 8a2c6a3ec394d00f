import type { Clock } from '../../server/src/selfplay/scheduling/clock.ts';

/** A clock that goes on only when it is told to. */
export interface HandClock extends Clock {
  /** Lets time go by in steps of a second, ticks included. */
  pass(milliseconds: number): void;
  /** The machine sleeps: both clocks go on and nothing ticks. */
  sleep(milliseconds: number): void;
  /** The wall clock is set; the other one does not notice. */
  set(date: Date): void;
}

export function handClock(from: Date): HandClock {
  let now = 1_000;
  let wall = from.getTime();
  const ticks = new Set<() => void>();
  const advance = (milliseconds: number) => {
    now += milliseconds;
    wall += milliseconds;
  };
  return {
    now: () => now,
    date: () => new Date(wall),
    every: (_, tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
    pass: (milliseconds) => {
      for (let left = milliseconds; left > 0; left -= 1_000) {
        advance(Math.min(left, 1_000));
        for (const tick of ticks) tick();
      }
    },
    sleep: advance,
    set: (date) => {
      wall = date.getTime();
    },
  };
}
