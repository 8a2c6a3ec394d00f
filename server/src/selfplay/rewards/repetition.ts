import type { Pair } from '../../../../protocol/task.ts';

/** A program as far as repetition goes. */
export interface Likeness {
  readonly structure: string;
  /** Calls and their outputs: two programs with a pair in common behaved alike once. */
  readonly pairs: readonly Pair[];
}

/**
 * How much of everything known is like a proposal: the whole archive, not one batch (R-Diverse, arXiv 2602.13103, calls what batches
 * show an illusion of diversity), by structure and by behaviour, not by words.
 */
export class Repetition {
  readonly #structures = new Map<string, number>();
  readonly #pairs = new Map<string, number>();
  #programs = 0;

  add({ structure, pairs }: Likeness): void {
    this.#programs += 1;
    this.#structures.set(structure, (this.#structures.get(structure) ?? 0) + 1);
    for (const pair of new Set(pairs.map(pairKey))) this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + 1);
  }

  /** The larger of the shares of known programs with its structure and with a pair of its, in [0, 1]; 0 where nothing is known. */
  of({ structure, pairs }: Likeness): number {
    if (this.#programs === 0) return 0;
    const alike = pairs.map((pair) => this.#pairs.get(pairKey(pair)) ?? 0);
    return Math.max(this.#structures.get(structure) ?? 0, ...alike) / this.#programs;
  }
}

function pairKey([call, output]: Pair): string {
  return `${call} → ${output}`;
}
