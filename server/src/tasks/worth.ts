import type { Task, WorthReason } from '../../../protocol/task.ts';
import { programKey, type TrivialContext } from '../judge/trivial-context.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { worthAbduction } from './abduction/worth.ts';
import { worthDeduction } from './deduction/worth.ts';
import { worthInduction } from './induction/worth.ts';

/**
 * The rule of its kind that a task breaks, so that solving it would teach nothing; null where it is worth solving. The same for mined
 * tasks and proposals. Only for abduction anything is executed: the task's own program, on calls made here. `context` has the
 * program's known calls. Rejects as `sandbox.runBatch` does.
 */
export async function worth(
  task: Task,
  context: TrivialContext,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<WorthReason | null> {
  switch (task.kind) {
    case 'deduction':
      return worthDeduction(task);
    case 'abduction':
      return worthAbduction(task, context.calls.get(programKey(task)) ?? [], sandbox, signal);
    case 'induction':
    case 'explain':
      return worthInduction(task);
  }
}

/** How many tasks break each rule. */
export type UnworthyCounts = Readonly<Partial<Record<WorthReason, number>>>;

/** Counts the tasks that break a rule, by rule, the commonest first. */
export function unworthyCounts(tasks: readonly Task[]): UnworthyCounts {
  const counts = new Map<WorthReason, number>();
  for (const { unworthy } of tasks)
    if (unworthy !== undefined) counts.set(unworthy, (counts.get(unworthy) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
