import type { Clock } from './clock.ts';

/**
 * The most that counts as played between two ticks, milliseconds: what lies further apart is a machine that slept, or a
 * clock that jumped.
 */
const longestTickMs = 10_000;

/** How long a group that was begun in time may go on after the time is over, milliseconds; then it is given up. */
const overtimeMs = 15_000;

/** Counts the time that a run plays, without the time in which it is suspended or the machine sleeps. */
export class PlayTime {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  readonly #overtime = new AbortController();
  #playedMs: number;
  #lastTick: number;

  /** `playedMs`: what a resumed run had played before. */
  constructor(clock: Clock, playedMs: number, budgetMs: number) {
    this.#clock = clock;
    this.#playedMs = playedMs;
    this.#budgetMs = budgetMs;
    this.#lastTick = clock.now();
  }

  /** To be called every second or so; `counts`: whether the time since the last tick was played. */
  tick(counts: boolean): void {
    const now = this.#clock.now();
    if (counts) this.#playedMs += Math.min(Math.max(0, now - this.#lastTick), longestTickMs);
    this.#lastTick = now;
    if (this.#playedMs >= this.#budgetMs + overtimeMs) this.#overtime.abort();
  }

  get playedMs(): number {
    return this.#playedMs;
  }

  get isOver(): boolean {
    return this.#playedMs >= this.#budgetMs;
  }

  /** Fires when what goes on has to be given up. */
  get overtime(): AbortSignal {
    return this.#overtime.signal;
  }
}
