/** Windows of what came one after another, each full or empty; none has anything in common with another. */
export interface Windows<T> {
  /** The first of all. */
  readonly first: readonly T[];
  /** Three before the newest: a while ago, with one window between it and `before` in which things may have changed. */
  readonly earlier: readonly T[];
  /** The one before the newest. */
  readonly before: readonly T[];
  readonly newest: readonly T[];
}

/** Windows that are kept of what came last. */
const recentWindows = 4;

/** Keeps what `Windows` needs: five windows, however long a run is. */
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
    if (this.#recent.length > recentWindows * this.#size) this.#recent.shift();
  }

  get windows(): Windows<T> {
    const back = (windows: number) => {
      const begin = this.#recent.length - windows * this.#size;
      return begin < 0 ? [] : this.#recent.slice(begin, begin + this.#size);
    };
    return {
      first: this.#count < 3 * this.#size ? [] : this.#first,
      earlier: back(recentWindows),
      before: back(2),
      newest: back(1),
    };
  }
}
