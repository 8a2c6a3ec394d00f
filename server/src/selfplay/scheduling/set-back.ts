/** Groups of the run that are played before a task is tried again whose group failed; twice as many with each failure more. */
const groupsApart = 8;

/** The longest that a task waits, groups: one that crashes its server is tried now and then, in case the server was mended. */
const longest = 512;

/** Tasks whose group failed: others go first for a while, since the task may be why. */
export class SetBack {
  readonly #tasks = new Map<string, { readonly failures: number; readonly until: number }>();

  /** The group of a task failed, after so many groups of the run. */
  failed(taskId: string, groups: number): void {
    const failures = (this.#tasks.get(taskId)?.failures ?? 0) + 1;
    const wait = Math.min(longest, groupsApart * 2 ** (failures - 1));
    this.#tasks.set(taskId, { failures, until: groups + wait });
  }

  /** A group of the task was recorded, or the task is gone. */
  forget(taskId: string): void {
    this.#tasks.delete(taskId);
  }

  isWaiting(taskId: string, groups: number): boolean {
    return groups < (this.#tasks.get(taskId)?.until ?? 0);
  }
}
