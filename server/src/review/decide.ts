import type { RejectReason, Review } from '../../../protocol/review.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Store, TaskState } from '../store/store.ts';
import { eventId } from '../tasks/record-id.ts';
import { type Decision, standingDecisions } from './decisions.ts';

/** Who decides, when, and where it is kept. */
export interface ReviewDesk {
  readonly store: Pick<Store, 'reviews' | 'commitReview' | 'tasks'>;
  /** The operating system's user name. */
  readonly reviewer: string;
  /** The time now, ISO 8601. */
  readonly now: () => string;
}

/** What a person decides about a task. `variant`: the task that an edit made. */
export type Choice =
  | { readonly decision: 'accept' }
  | { readonly decision: 'reject'; readonly reason: RejectReason }
  | { readonly decision: 'edit'; readonly variant: Task };

/**
 * Records a decision, all of it or nothing: a rejected task is retired, one that was rejected before and is no longer is what it was
 * before, an edit adds the variant and leaves the task. Rejects with `StoreError`.
 */
export async function decide(task: Task, choice: Choice, desk: ReviewDesk): Promise<Decision> {
  const before = standingDecisions(await desk.store.reviews(task.id)).last;
  const made = { id: eventId(), taskId: task.id, reviewer: desk.reviewer, createdAt: desk.now() };
  const review = decisionOf(choice, made, before?.decision === 'reject' ? before.stateBefore : task.state);
  const states = statesAfter(before, review);
  if (choice.decision !== 'edit') {
    await desk.store.commitReview(review, { states });
    return review;
  }
  const { variant } = choice;
  // An edit that was taken back and is made again finds its task retired.
  const variantState = variant.origin === 'reviewed' ? [{ taskId: variant.id, state: 'open' } as const] : [];
  await desk.store.commitReview(review, { tasks: [variant], states: [...states, ...variantState] });
  return review;
}

function decisionOf(
  choice: Choice,
  made: Pick<Review, 'id' | 'taskId' | 'reviewer' | 'createdAt'>,
  stateBefore: Task['state'],
): Decision {
  switch (choice.decision) {
    case 'accept':
      return { ...made, decision: 'accept' };
    case 'reject':
      return { ...made, decision: 'reject', reason: choice.reason, stateBefore };
    case 'edit':
      return { ...made, decision: 'edit', variantId: choice.variant.id };
  }
}

/**
 * Takes back the newest decision that stands, by a further review; nothing is deleted. The task that an edit made is retired.
 * Resolves to what was taken back; undefined where nothing is left.
 */
export async function undoLast({ store, reviewer, now }: ReviewDesk): Promise<Decision | undefined> {
  const reviews = await store.reviews();
  const undone = standingDecisions(reviews).last;
  if (undone === undefined) return undefined;
  const { taskId } = undone;
  const undo: Review = {
    id: eventId(),
    taskId,
    reviewer,
    createdAt: now(),
    decision: 'undo',
    undoes: undone.id,
  };
  const after = standingDecisions([...reviews, undo]).byTask.get(taskId);
  const states = [...statesAfter(undone, after)];
  if (undone.decision === 'edit' && undone.variantId !== null) {
    const [variant] = await store.tasks({ ids: [undone.variantId] });
    // An edit may have led to a task that was there before: that one stays.
    if (variant?.variantOf === taskId) states.push({ taskId: variant.id, state: 'retired' });
  }
  await store.commitReview(undo, { states });
  return undone;
}

/** What becomes of a task's state when the decision that stands changes. */
function statesAfter(before: Decision | undefined, after: Decision | undefined): TaskState[] {
  if (after?.decision === 'reject') return [{ taskId: after.taskId, state: 'retired' }];
  if (before?.decision === 'reject') return [{ taskId: before.taskId, state: before.stateBefore }];
  return [];
}
