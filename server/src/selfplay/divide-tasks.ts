import type { Task } from '../../../protocol/task.ts';
import { HeldOut } from '../mining/splits/held-out.ts';

/** Tasks to play and to learn from, and what must not be learnt from. */
export interface DividedTasks {
  readonly tasks: readonly Task[];
  readonly heldOut: HeldOut;
}

/** Divides open tasks by their splits: play, proposals and references use those of `train` only. */
export async function divideTasks(open: readonly Task[], signal: AbortSignal): Promise<DividedTasks> {
  const heldOut = await HeldOut.of(open, signal);
  return { tasks: open.filter(({ split }) => split === 'train'), heldOut };
}
