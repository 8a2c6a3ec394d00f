import type { Pair, Task } from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { sameOutput } from '../values/relations.ts';
import { outputOf } from './gold.ts';

/**
 * Whether a task's program still gives the output that was recorded, found anew: what happened to agree when the task was made
 * shows when it is drawn. Of a task with pairs one is tried. What cannot be told now (a limit, a crash) counts as holding.
 */
export async function stillHolds(task: Task, sandbox: Sandbox, signal: AbortSignal): Promise<boolean> {
  const [callText, outputText] = goldOf(task);
  const call = readCall(callText);
  const gold = readOutput(outputText);
  if (!call.ok || !gold.ok) return false;
  const { program, entry } = task;
  const verified = await sandbox.verify({ program, entry, call: call.value }, signal);
  if (verified.outcome === 'drifts') return false;
  const output = outputOf(verified);
  return output === undefined || sameOutput(output, gold.value);
}

function goldOf(task: Task): Pair {
  switch (task.kind) {
    case 'deduction':
    case 'abduction':
      return [task.call, task.output];
    case 'induction':
    case 'explain':
      return task.hidden[0] ?? task.shown[0] ?? ['()', 'None'];
  }
}
