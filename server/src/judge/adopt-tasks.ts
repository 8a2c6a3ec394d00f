import type { Task } from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { recordOf, sameGround } from './attempt.ts';
import { judge } from './judge.ts';

/** What became of tasks on this backend: new versions of those that hold here too, and the ids of those that do not. */
export interface Adopted<T extends Task> {
  readonly adopted: readonly T[];
  readonly retired: readonly string[];
}

/**
 * Runs tasks that were made on another backend or Python on this one: where the program gives the same output they become
 * tasks of this backend, else they are to be retired (invariant 12). What cannot be told now is left as it is.
 */
export async function adoptTasks<T extends Task>(
  tasks: readonly T[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Adopted<T>> {
  const adopted: T[] = [];
  const retired: string[] = [];
  for (const task of tasks) {
    if (sameGround(task.backend, sandbox.backend)) continue;
    const { verdict } = await judge(recordOf(task, goldAnswer(task), true), sandbox, signal);
    if (verdict.verdict === 'right') adopted.push({ ...task, backend: sandbox.backend });
    else if (verdict.verdict === 'wrong' || verdict.reason !== 'sandbox') retired.push(task.id);
  }
  return { adopted, retired };
}

/** The answer that is right where the task holds. */
function goldAnswer(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return task.output;
    case 'abduction':
      return task.call;
    case 'induction':
    case 'explain':
      return task.program;
  }
}
