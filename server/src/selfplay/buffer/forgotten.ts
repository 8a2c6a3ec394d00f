import { createHash } from 'node:crypto';
import { dropOldest } from '../../drop-oldest.ts';

/** What is remembered of things that are gone, so that they are not taken for new at once: a short hash of each, up to so many. */
export class Forgotten {
  readonly #hashes = new Set<string>();
  readonly #limit: number;

  constructor(limit = 16_384) {
    this.#limit = limit;
  }

  add(thing: string): void {
    this.#hashes.add(hash(thing));
    dropOldest(this.#hashes, this.#limit);
  }

  has(thing: string): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(hash(thing));
  }
}

function hash(thing: string): string {
  return createHash('sha256').update(thing).digest('base64').slice(0, 16);
}
