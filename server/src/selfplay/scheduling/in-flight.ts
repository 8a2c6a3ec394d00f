import { type Cell, cellName, type Role } from '../../../../protocol/kind.ts';

/** Tasks that one piece of work keeps to itself until it is done. */
export interface Held {
  add(taskId: string): void;
}

/** What is being played and not recorded yet: it counts for the choice of what comes next. */
export class InFlight {
  readonly #groups = new Map<string, number>();
  readonly #tasks = new Map<string, number>();
  readonly #groupSize: Readonly<Record<Role, number>>;
  #solving = 0;

  /** `groupSize`: how many samples a group on its way will count, by role. */
  constructor(groupSize: Readonly<Record<Role, number>>) {
    this.#groupSize = groupSize;
  }

  /** Groups of attempts that are being drawn or judged for their own sake. */
  get solving(): number {
    return this.#solving;
  }

  /** Samples of a cell that are on their way. */
  samples(cell: Cell): number {
    return (this.#groups.get(cellName(cell)) ?? 0) * this.#groupSize[cell.role];
  }

  /** Whether a task is being played. */
  holds(taskId: string): boolean {
    return this.#tasks.has(taskId);
  }

  /** Counts work as in flight from now until it settles; `work` begins at once. */
  async during<T>(cell: Cell, work: (held: Held) => Promise<T>): Promise<T> {
    const mine: string[] = [];
    const held: Held = {
      add: (taskId) => {
        mine.push(taskId);
        change(this.#tasks, taskId, 1);
      },
    };
    const solves = cell.role === 'solve' ? 1 : 0;
    change(this.#groups, cellName(cell), 1);
    this.#solving += solves;
    try {
      return await work(held);
    } finally {
      change(this.#groups, cellName(cell), -1);
      this.#solving -= solves;
      for (const taskId of mine) change(this.#tasks, taskId, -1);
    }
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
