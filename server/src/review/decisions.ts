import type { Review } from '../../../protocol/review.ts';

/** A review that says what becomes of a task. */
export type Decision = Extract<Review, { decision: 'accept' | 'reject' | 'edit' }>;

/** What people decided, as it stands now. */
export interface Decisions {
  /** The newest decision on each task that was not taken back. */
  readonly byTask: ReadonlyMap<string, Decision>;
  /** The newest decision on any task that was not taken back: what an undo takes back. */
  readonly last: Decision | undefined;
}

/** Reads the decisions that stand out of all reviews, oldest first. */
export function standingDecisions(reviews: readonly Review[]): Decisions {
  const undone = new Set(reviews.flatMap((review) => (review.decision === 'undo' ? [review.undoes] : [])));
  const standing = reviews.filter(
    (review): review is Decision =>
      review.decision !== 'undo' && review.decision !== 'attempt' && !undone.has(review.id),
  );
  return { byTask: new Map(standing.map((review) => [review.taskId, review])), last: standing.at(-1) };
}
