/** A time limit that can be moved on; its signal fires with `error` when the time is over. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Begins anew: from now on this many milliseconds, and this error. */
  expect(milliseconds: number, error: () => Error): void;
  stop(): void;
}

export function watchdog(): Watchdog {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    expect: (milliseconds, error) => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(error()), milliseconds);
    },
    stop: () => clearTimeout(timer),
  };
}
