/** Groups of a run before the first time, and from one time to the next. */
export interface GroupsApart {
  readonly first: number;
  readonly between: number;
}

/** When something is done in place of a turn, again and again while a run goes on; never twice at once. */
export class EveryGroups {
  readonly #between: number;
  #next: number;
  #isGoingOn = false;

  /** `groups`: how many the run had before. */
  constructor({ first, between }: GroupsApart, groups: number) {
    this.#between = between;
    this.#next = first + between * Math.max(0, Math.ceil((groups - first) / between));
  }

  /** Whether it is time, after so many groups of the run. */
  isDue(groups: number): boolean {
    return !this.#isGoingOn && groups >= this.#next;
  }

  /** Does it after so many groups. What an outage cut off is due again when the model is back. Settles as `work` does. */
  async during<T>(groups: number, work: () => Promise<T>): Promise<T> {
    this.#isGoingOn = true;
    try {
      const done = await work();
      this.#next = groups + this.#between;
      return done;
    } finally {
      this.#isGoingOn = false;
    }
  }
}
