const firstMs = 500;
const longestMs = 60_000;

/**
 * Milliseconds to wait before the next try after so many failures in a row: exponential with "equal jitter", half of it
 * random (M. Brooker, Exponential Backoff and Jitter, 2015), at least what the target asked for, at most a minute.
 */
export function backoff(failures: number, random: () => number, afterMs = 0): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.min(longestMs, Math.max(afterMs, full / 2 + random() * (full / 2)));
}
