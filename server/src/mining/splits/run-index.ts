/** Runs that are sorted at once: more of them would hold the event loop for too long. */
const maxAtOnce = 200_000;
/** Numbers of lists that fit beside a run of 32 bits into a double without loss. */
const maxLists = 2 ** 21;

/** A part of the index: runs in order, each with the number of the list that it is from. */
interface Part {
  readonly runs: Uint32Array;
  readonly lists: Uint32Array;
}

/**
 * Which of many lists of 32-bit numbers hold a number. Flat arrays in place of a map of lists: a workspace has millions of runs,
 * nearly each of them in one list only.
 */
export class RunIndex {
  readonly #parts: Part[] = [];
  /** Runs that are not sorted in yet, each with the number of its list in one double. */
  #waiting: number[] = [];
  #lists = 0;
  /** One bit for each run by its last 24 bits: most questions are about runs that no list holds. */
  readonly #held = new Uint32Array(2 ** 19);

  /** Adds a list, whose number is how many were added before. */
  add(runs: Iterable<number>): void {
    if (this.#lists === maxLists) throw new RangeError(`An index holds at most ${maxLists} lists.`);
    for (const run of runs) {
      this.#waiting.push(run * maxLists + this.#lists);
      const word = (run >>> 5) & 0x7ffff;
      this.#held[word] = (this.#held[word] ?? 0) | (1 << (run & 31));
    }
    this.#lists += 1;
    if (this.#waiting.length >= maxAtOnce) this.#sort();
  }

  /** The numbers of the lists that hold a run. */
  *listsOf(run: number): Generator<number> {
    if (((this.#held[(run >>> 5) & 0x7ffff] ?? 0) & (1 << (run & 31))) === 0) return;
    if (this.#waiting.length > 0) this.#sort();
    for (const { runs, lists } of this.#parts) {
      for (let at = firstOf(runs, run); runs[at] === run; at += 1) yield lists[at] ?? 0;
    }
  }

  #sort(): void {
    const sorted = Float64Array.from(this.#waiting).sort();
    this.#waiting = [];
    this.#parts.push({
      runs: Uint32Array.from(sorted, (pair) => Math.floor(pair / maxLists)),
      lists: Uint32Array.from(sorted, (pair) => pair % maxLists),
    });
  }
}

/** Where a number stands first in a sorted list, or would. */
function firstOf(sorted: Uint32Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
