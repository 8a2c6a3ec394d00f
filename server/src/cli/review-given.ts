import type { RejectReason } from '../../../protocol/review.ts';
import type { Task } from '../../../protocol/task.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { decide, type ReviewDesk, undoLast } from '../review/decide.ts';
import { editCall, hasOneCall } from '../review/edit-call.ts';
import { recordOwnAttempt } from '../review/own-attempt.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, CliError } from './context.ts';
import { findTask } from './find-task.ts';
import { refusalText, verdictText } from './review-text.ts';

/** Decisions that were given as options. */
export interface GivenDecisions {
  readonly accept: readonly string[];
  readonly reject: readonly string[];
  readonly reason?: RejectReason;
  readonly undo: boolean;
  readonly edit?: string;
  readonly call?: string;
  readonly attempt?: string;
  readonly answer?: string;
}

/** Starts the sandbox where it did not run yet. */
export type StartSandbox = () => Promise<Sandbox>;

/** Does what the options say: all tasks are found before anything is recorded. */
export async function decideAsGiven(
  desk: ReviewDesk & { readonly store: Store },
  sandbox: StartSandbox,
  flags: GivenDecisions,
  context: CliContext,
): Promise<void> {
  const { stdout, signal } = context;
  const found = (ids: readonly string[]) => Promise.all(ids.map((id) => findTask(id, desk.store, context)));
  const accepted = await found(flags.accept);
  const rejected = await found(flags.reject);
  const [toEdit] = await found(flags.edit === undefined ? [] : [flags.edit]);
  const [toTry] = await found(flags.attempt === undefined ? [] : [flags.attempt]);
  const both = accepted.find(({ id }) => rejected.some((other) => other.id === id));
  if (both !== undefined) throw new CliError('usage', `${both.id} cannot be accepted and rejected at once.`);
  const { reason, call, answer } = flags;
  if (flags.undo) {
    const undone = await undoLast(desk);
    if (undone === undefined) throw new CliError('failed', 'There is no decision to take back.');
    stdout.write(`Taken back: ${undone.decision} of ${undone.taskId}.\n`);
  }
  for (const task of accepted) {
    await decide(task, { decision: 'accept' }, desk);
    stdout.write(`Accepted ${task.id}.\n`);
  }
  if (reason !== undefined) {
    for (const task of rejected) {
      await decide(task, { decision: 'reject', reason }, desk);
      stdout.write(`Rejected ${task.id} (${reason}).\n`);
    }
  }
  if (toEdit !== undefined && call !== undefined) {
    if (!hasOneCall(toEdit))
      throw new CliError('usage', 'An induction task has no single call to change. Reject it instead.');
    const made = await withCall(toEdit, call, desk, sandbox, signal);
    if (!made.ok) throw new CliError('failed', refusalText(made.verdict));
    await decide(toEdit, { decision: 'edit', variant: made.variant }, desk);
    stdout.write(`Made ${made.variant.id} beside ${toEdit.id}.\n`);
  }
  if (toTry !== undefined && answer !== undefined) {
    if (toTry.kind === 'explain')
      throw new CliError(
        'usage',
        'Only a model that rebuilds the program can judge an explanation. Play the task instead.',
      );
    const { verdict } = await recordOwnAttempt(toTry, answer, desk, await sandbox(), signal);
    stdout.write(`Your answer to ${toTry.id}: ${verdictText(verdict)}.\n`);
  }
}

/** Makes a variant of a task with another call, executed; what is common is counted over the open tasks. */
export async function withCall(
  task: Extract<Task, { call: string }>,
  call: string,
  { store, now }: ReviewDesk & { readonly store: Store },
  sandbox: StartSandbox,
  signal: AbortSignal,
): ReturnType<typeof editCall> {
  const trivial = trivialContext(await store.tasks({ state: 'open' }));
  return editCall(task, call, { trivial, sandbox: await sandbox(), now }, signal);
}
