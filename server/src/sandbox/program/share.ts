/** How many programs may run at once, over all images: what is left of the processors belongs to others. */
export class Share {
  #most: number;
  #running = 0;
  /** In the order in which they get room next. */
  #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether a program may begin now. One that a person waits for always may. */
  get isFree(): boolean {
    return this.#running < this.#most;
  }

  /** Changes how many; 0 holds everything that is not urgent. */
  change(most: number): void {
    this.#most = most;
    this.#wake();
  }

  begin(): void {
    this.#running += 1;
  }

  end(): void {
    this.#running -= 1;
    this.#wake();
  }

  /** Calls back when there may be room. */
  onRoom(callback: () => void): void {
    this.#waiting.push(callback);
  }

  #wake(): void {
    for (const callback of [...this.#waiting]) {
      if (!this.isFree) return;
      // Behind the others, so that each gets its turn.
      this.#waiting = [...this.#waiting.filter((other) => other !== callback), callback];
      callback();
    }
  }
}
