import type { Writable } from 'node:stream';
import type { Review } from '../../../protocol/review.ts';
import type { ExecutedTask, Task } from '../../../protocol/task.ts';
import { type Choice, decide, type ReviewDesk, undoLast } from '../review/decide.ts';
import { type Edited, hasOneCall } from '../review/edit-call.ts';
import type { QueueEntry } from '../review/queue.ts';
import type { Keyboard } from './keyboard.ts';
import { answerText, entryText, refusalText, rejectKeys, verdictText } from './review-text.ts';
import { field } from './text-layout.ts';

/** What an interactive review uses of the outside. */
export interface ReviewParts {
  readonly desk: ReviewDesk;
  readonly keyboard: Keyboard;
  readonly out: Writable;
  /** Makes a variant of a task with another call, executed. */
  readonly edit: (
    task: Extract<Task, { call: string }>,
    call: string,
    signal: AbortSignal,
  ) => Promise<Edited>;
  /** Judges and records a person's own answer. */
  readonly attempt: (
    task: ExecutedTask,
    answer: string,
    signal: AbortSignal,
  ) => Promise<Extract<Review, { decision: 'attempt' }>>;
}

const keys = 'a accept · r reject · e edit call · s skip · u undo · v answer · t try · q quit';
const left = 'Nothing was recorded.';
const reasons = rejectKeys.map(({ key, reason }) => `${key} ${reason}`).join(' · ');

/**
 * Puts the tasks of a queue before a person, one after another, until they are all decided on or skipped, or the person quits. A
 * decision is durable before the next task is shown. Resolves to how many were made and not taken back. Rejects when aborted.
 */
export async function reviewByKeys(
  queue: readonly QueueEntry[],
  parts: ReviewParts,
  signal: AbortSignal,
): Promise<number> {
  const { desk } = parts;
  let decided = 0;
  for (let place = 0; place < queue.length; ) {
    const entry = queue[place];
    if (entry === undefined) break;
    parts.keyboard.forget();
    say(parts, `\n${entryText(entry, `${place + 1} of ${queue.length}`)}\n${keys}`);
    const step = await oneTask(entry.task, parts, signal);
    if (step.type === 'quit') break;
    if (step.type === 'undo') {
      const undone = await undoLast(desk);
      tell(
        parts,
        undone === undefined
          ? 'There is nothing to take back.'
          : `Taken back: ${undone.decision} of ${undone.taskId}.`,
      );
      const back = queue.findIndex(({ task }) => task.id === undone?.taskId);
      // What was decided in an earlier review is not in this queue: it is in the next one.
      if (back < 0) continue;
      decided = Math.max(0, decided - 1);
      place = back;
      continue;
    }
    if (step.type === 'choice') {
      await decide(entry.task, step.choice, desk);
      decided += 1;
      tell(parts, `Recorded: ${choiceText(step.choice)}.`);
    }
    place += 1;
  }
  return decided;
}

type Step =
  | { readonly type: 'quit' | 'skip' | 'undo' }
  | { readonly type: 'choice'; readonly choice: Choice };

/** Follows the keys at one task until they say what comes of it. */
async function oneTask(task: Task, parts: ReviewParts, signal: AbortSignal): Promise<Step> {
  for (;;) {
    switch (await parts.keyboard.key(signal)) {
      case 'a':
        return { type: 'choice', choice: { decision: 'accept' } };
      case 's':
        return { type: 'skip' };
      case 'u':
        return { type: 'undo' };
      case 'q':
      case 'quit':
        return { type: 'quit' };
      case 'r': {
        const step = await rejected(parts, signal);
        if (step !== undefined) return step;
        break;
      }
      case 'e': {
        const step = await edited(task, parts, signal);
        if (step !== undefined) return step;
        break;
      }
      case 't':
        await tried(task, parts, signal);
        break;
      case 'v':
        say(parts, answerText(task));
        break;
      default:
        say(parts, keys);
    }
  }
}

async function rejected(parts: ReviewParts, signal: AbortSignal): Promise<Step | undefined> {
  say(parts, `why? ${reasons}`);
  const pressed = await parts.keyboard.key(signal);
  if (pressed === 'quit') return { type: 'quit' };
  const chosen = rejectKeys.find(({ key }) => key === pressed);
  if (chosen !== undefined) return { type: 'choice', choice: { decision: 'reject', reason: chosen.reason } };
  tell(parts, 'Not rejected.');
  return undefined;
}

async function edited(task: Task, parts: ReviewParts, signal: AbortSignal): Promise<Step | undefined> {
  if (!hasOneCall(task)) {
    tell(parts, 'An induction task has no single call to change.');
    return undefined;
  }
  const call = await parts.keyboard.line('arguments, as a tuple like (1, [2]): ', signal);
  if (call === undefined) {
    tell(parts, left);
    return undefined;
  }
  const made = await parts.edit(task, call, signal);
  if (made.ok) return { type: 'choice', choice: { decision: 'edit', variant: made.variant } };
  tell(parts, refusalText(made.verdict));
  return undefined;
}

async function tried(task: Task, parts: ReviewParts, signal: AbortSignal): Promise<void> {
  if (task.kind === 'explain')
    return tell(parts, 'Only a model that rebuilds the program can judge an explanation.');
  const answer = await parts.keyboard.line('your answer: ', signal);
  if (answer === undefined) return tell(parts, left);
  const { verdict } = await parts.attempt(task, answer, signal);
  tell(parts, `${verdictText(verdict)}, recorded.`);
}

function choiceText(choice: Choice): string {
  switch (choice.decision) {
    case 'accept':
      return 'accept';
    case 'reject':
      return `reject (${choice.reason})`;
    case 'edit':
      return `a new task, ${choice.variant.id}; this one stays as it is`;
  }
}

function say({ out }: ReviewParts, text: string): void {
  out.write(`${text}\n`);
}

function tell(parts: ReviewParts, text: string): void {
  say(parts, field('', text));
}
