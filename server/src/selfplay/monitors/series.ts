/** The first and the latest of what came one after another, for comparing windows of `size`; what is between is not kept. */
export interface Windows<T> {
  /** The first window, as far as it is full. */
  readonly first: readonly T[];
  /** The window before the newest; full, and with nothing in common with `first`, or empty. */
  readonly before: readonly T[];
  /** The newest window; full, or empty. */
  readonly newest: readonly T[];
}

/** Keeps what `Windows` needs: three windows, however long a run is. */
export class Series<T> {
  readonly #size: number;
  readonly #first: T[] = [];
  readonly #recent: T[] = [];
  #count = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(item: T): void {
    this.#count += 1;
    if (this.#first.length < this.#size) this.#first.push(item);
    this.#recent.push(item);
    if (this.#recent.length > 2 * this.#size) this.#recent.shift();
  }

  /** The two newest windows, and the first where it is apart from both. */
  get windows(): Windows<T> {
    if (this.#recent.length < 2 * this.#size) return { first: [], before: [], newest: [] };
    return {
      first: this.#count < 3 * this.#size ? [] : this.#first,
      before: this.#recent.slice(0, this.#size),
      newest: this.#recent.slice(this.#size),
    };
  }
}
