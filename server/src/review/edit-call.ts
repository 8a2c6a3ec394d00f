import type { ProposalVerdict } from '../../../protocol/group.ts';
import type { Task } from '../../../protocol/task.ts';
import type { TrivialContext } from '../judge/trivial-context.ts';
import { HeldOut } from '../mining/splits/held-out.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { Archive } from '../selfplay/archive.ts';
import { validateCall } from '../selfplay/validate.ts';

/** A task with another call, or why that call makes none. */
export type Edited =
  | { readonly ok: true; readonly variant: Task }
  | { readonly ok: false; readonly verdict: Exclude<ProposalVerdict, { verdict: 'valid' }> };

/** Whether a task has one call that a person can change. */
export function hasOneCall(task: Task): task is Extract<Task, { call: string }> {
  return 'call' in task;
}

/**
 * Makes a variant of a task from another call (an argument tuple as Python literal text), by the rules for proposals of the model:
 * executed in the sandbox, whose output is the gold, new, and got by no trivial solver. Rejects only when aborted or when the
 * sandbox fails.
 */
export async function editCall(
  task: Extract<Task, { call: string }>,
  call: string,
  parts: { readonly trivial: TrivialContext; readonly sandbox: Sandbox; readonly now: () => string },
  signal: AbortSignal,
): Promise<Edited> {
  const { kind, program, entry, unit } = task;
  const archive = new Archive([task]);
  const reference = archive.program(task);
  if (reference === undefined) throw new TypeError('The archive lost the task that it was made of.');
  // The variant is of the task's own program, so that it is held out as the task is.
  const validated = await validateCall(
    { type: 'call', program, entry, call },
    { kind, groupId: '', reference, unit },
    // A variant that is there already stays as it is.
    { ...parts, archive, heldOut: new HeldOut(), isKnown: () => Promise.resolve(false) },
    signal,
  );
  if (validated.task === undefined) return { ok: false, verdict: validated.verdict };
  const { split } = task;
  return {
    ok: true,
    variant: { ...validated.task, origin: 'reviewed', proposedBy: null, variantOf: task.id, split },
  };
}
