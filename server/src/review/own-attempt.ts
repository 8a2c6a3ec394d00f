import type { Review } from '../../../protocol/review.ts';
import type { ExecutedTask } from '../../../protocol/task.ts';
import { judgeAttempt } from '../judge/attempt.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { eventId } from '../tasks/record-id.ts';
import type { ReviewDesk } from './decide.ts';

type OwnAttempt = Extract<Review, { decision: 'attempt' }>;

/**
 * Judges a person's own answer to a task, as the model's are, and records it among the reviews: in no group, so that it counts in no
 * rate of the model's. Rejects when aborted, then nothing is recorded, or with `StoreError`.
 */
export async function recordOwnAttempt(
  task: ExecutedTask,
  answer: string,
  {
    store,
    reviewer,
    now,
  }: Pick<ReviewDesk, 'reviewer' | 'now'> & {
    readonly store: Pick<ReviewDesk['store'], 'commitReview'>;
  },
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<OwnAttempt> {
  const verdict = await judgeAttempt(task, answer, 'end', sandbox, signal);
  const attempt: OwnAttempt = {
    id: eventId(),
    taskId: task.id,
    reviewer,
    createdAt: now(),
    decision: 'attempt',
    answer,
    verdict,
  };
  await store.commitReview(attempt);
  return attempt;
}
