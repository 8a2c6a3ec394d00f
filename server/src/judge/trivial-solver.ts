import type { AbductionTask, DeductionTask, Task, TrivialSolver } from '../../../protocol/task.ts';
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
  switch (task.kind) {
    case 'deduction': {
      const known = knownOf(task, calls);
      if (known === undefined) return null;
      const counted = known.isCounted ? task.output : undefined;
      return trivialDeduction(known.call, known.output, outputs, counted);
    }
    case 'abduction': {
      const known = knownOf(task, calls);
      if (known === undefined) return null;
      return trivialAbduction(task, known.call, known.output, known.others, sandbox, signal);
    }
    case 'induction':
      return trivialInduction(task);
    case 'explain':
      // What a message gains is measured against no message at all.
      return null;
  }
}

/** A task's own call and output, and the program's other known calls; undefined where the record cannot be read. */
function knownOf(task: DeductionTask | AbductionTask, calls: TrivialContext['calls']) {
  const call = readCall(task.call);
  const output = readOutput(task.output);
  if (!call.ok || !output.ok) return undefined;
  const ofProgram = calls.get(programKey(task)) ?? [];
  const others = ofProgram.filter((known) => known.call !== task.call);
  return {
    call: call.value,
    output: output.value,
    others,
    isCounted: others.length < ofProgram.length,
  };
}
