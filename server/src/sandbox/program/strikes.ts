import { createHash } from 'node:crypto';
import { dropOldest } from '../../drop-oldest.ts';

/** How often in a row a program may use up its time before it has to wait behind all others. */
const mostStrikes = 3;

/** Programs remembered. */
const maxPrograms = 1_000;

/** Counts how often in a row programs used up their time: a few of them could keep all others waiting. */
export class Strikes {
  readonly #counts = new Map<string, number>();

  isStruck(program: string): boolean {
    return this.#counts.size > 0 && (this.#counts.get(key(program)) ?? 0) >= mostStrikes;
  }

  /** Notes how a run of the program ended. */
  note(program: string, { usedUp }: { readonly usedUp: boolean }): void {
    if (!usedUp && this.#counts.size === 0) return;
    const name = key(program);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.delete(name);
    if (!usedUp) return;
    this.#counts.set(name, count);
    dropOldest(this.#counts, maxPrograms);
  }
}

function key(program: string): string {
  return createHash('sha256').update(program).digest('base64');
}
