import { dropOldest } from '../../drop-oldest.ts';
import { share } from '../interval.ts';

/** Attempts on a pattern before anything is said of it: eight tasks of eight. Fewer show nothing against a c of a half. */
const enough = 64;
/** Of a pattern's attempts this many weigh at most; above, what is old counts half, so that a model that learns is seen. */
const remembered = 512;
/** Below this rate there is nothing to guess: that little is right says then that tasks are hard. */
const guessable = 0.05;
/** Patterns that are remembered; the one that was played longest ago goes first. */
const maxPatterns = 10_000;

/**
 * How attempts went on tasks of one pattern. A group's own rate cannot tell a coin flip from a task that is half learnt: of eight
 * flips 36 % come out above a half. All attempts on a pattern together can.
 */
export class PatternRecord {
  readonly #patterns = new Map<string, { right: number; judged: number }>();

  add(pattern: string, right: number, judged: number): void {
    const before = this.#patterns.get(pattern) ?? { right: 0, judged: 0 };
    this.#patterns.delete(pattern);
    const kept = before.judged >= remembered ? 0.5 : 1;
    this.#patterns.set(pattern, {
      right: kept * before.right + right,
      judged: kept * before.judged + judged,
    });
    dropOldest(this.#patterns, maxPatterns);
  }

  /** Whether attempts on a pattern are no better than chance as far as 64 or more show: the lower end of the 95 % interval is at most c. */
  isAtChance(pattern: string, chance: number): boolean {
    const { right, judged } = this.#patterns.get(pattern) ?? { right: 0, judged: 0 };
    return judged >= enough && chance >= guessable && share(right, judged).low <= chance;
  }
}
