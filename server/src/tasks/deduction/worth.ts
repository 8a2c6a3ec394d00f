import type { DeductionTask, WorthReason } from '../../../../protocol/task.ts';
import { isArgument } from '../../judge/trivial-deduction.ts';
import { readCall, readOutput } from '../../values/literal-reader.ts';
import { maxExceptionShare } from './rules.ts';

/** Whether an output is worth predicting: it is none of the arguments. Where else it may not stand, `answerVisible` tells. */
export function worthDeduction({ call, output }: Pick<DeductionTask, 'call' | 'output'>): WorthReason | null {
  const arguments_ = readCall(call);
  const gold = readOutput(output);
  if (!arguments_.ok || !gold.ok) return null;
  return isArgument(arguments_.value, gold.value) ? 'argument' : null;
}

/**
 * The deduction tasks of a set whose output is an exception beyond the share that a set may have; of more than that the ones with
 * the lowest ids stay, so that the same ones do each time. `tasks` are those of one set that are worth solving otherwise.
 */
export function exceptionsTooMany(tasks: readonly DeductionTask[]): DeductionTask[] {
  const exceptions = tasks.filter(isException);
  const values = tasks.length - exceptions.length;
  // e ≤ s · (e + v), solved for e.
  const most = Math.floor((maxExceptionShare * values) / (1 - maxExceptionShare) + 1e-9);
  return exceptions.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(most);
}

/** Whether a task's output is an exception. */
export function isException({ output }: Pick<DeductionTask, 'output'>): boolean {
  return output.startsWith('raise ');
}
