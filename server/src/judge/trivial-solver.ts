import type { Task, TrivialSolver } from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { trivialAbduction } from './trivial-abduction.ts';
import { programKey, type TrivialContext } from './trivial-context.ts';
import { trivialDeduction } from './trivial-deduction.ts';
import { trivialInduction } from './trivial-induction.ts';

/**
 * The first trivial solver (docs/architecture.md, "Words") that gets a task, null where none does. Only for abduction anything
 * is executed: the task's own program, on calls made here. Rejects as `sandbox.run` does.
 */
export async function trivialSolver(
  task: Task,
  { outputs, calls }: TrivialContext,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TrivialSolver | null> {
  if (task.kind === 'induction') return trivialInduction(task);
  const call = readCall(task.call);
  const output = readOutput(task.output);
  if (!call.ok || !output.ok) return null;
  const ofProgram = calls.get(programKey(task)) ?? [];
  const others = ofProgram.filter((known) => known.call !== task.call);
  if (task.kind === 'abduction') {
    return trivialAbduction(task, call.value, output.value, others, sandbox, signal);
  }
  const counted = others.length < ofProgram.length ? task.output : undefined;
  return trivialDeduction(call.value, output.value, outputs, counted);
}
