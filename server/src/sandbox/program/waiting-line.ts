/** What goes first: what a person waits for, then the rest, then what has used up its time again and again. */
export type Rank = 'urgent' | 'usual' | 'struck';

const ranks: readonly Rank[] = ['urgent', 'usual', 'struck'];

/** Things that wait, first come first served within their rank. */
export class WaitingLine<T> {
  readonly #lines: Readonly<Record<Rank, Set<T>>> = {
    urgent: new Set(),
    usual: new Set(),
    struck: new Set(),
  };

  get length(): number {
    return ranks.reduce((total, rank) => total + this.#lines[rank].size, 0);
  }

  add(thing: T, rank: Rank): void {
    this.#lines[rank].add(thing);
  }

  remove(thing: T): void {
    for (const rank of ranks) this.#lines[rank].delete(thing);
  }

  /** The next one, which waits no longer; of urgent ones only, where asked so. */
  next({ urgentOnly = false } = {}): T | undefined {
    for (const rank of urgentOnly ? (['urgent'] as const) : ranks) {
      const [first] = this.#lines[rank];
      if (first !== undefined) {
        this.#lines[rank].delete(first);
        return first;
      }
    }
    return undefined;
  }

  /** All of them, which wait no longer. */
  clear(): T[] {
    const all = ranks.flatMap((rank) => [...this.#lines[rank]]);
    for (const rank of ranks) this.#lines[rank].clear();
    return all;
  }
}
