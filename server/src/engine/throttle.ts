/** Calls `work` at once and then at most once in `everyMs`, the last time after the last call. */
export function throttle(everyMs: number, work: () => void): { call(): void; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const run = () => {
    again = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, everyMs);
    timer.unref();
  };
  return {
    call() {
      if (timer === undefined) run();
      else again = true;
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}
