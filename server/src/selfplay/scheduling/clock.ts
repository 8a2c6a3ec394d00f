/** Time as self-play sees it: injected, so that tests make it. */
export interface Clock {
  /** Milliseconds that only grow, from any beginning; they do not follow a wall clock that is set. */
  now(): number;
  /** What the wall clock says; it may jump. */
  date(): Date;
  /** Calls `tick` again and again; the result ends it. */
  every(milliseconds: number, tick: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
};
