import { z } from 'zod';
import { Verdict } from './judge.ts';

/**
 * Why a person rejects a task. `trivial`: nothing is to be reasoned about; `unclear`: the question cannot be understood;
 * `unrealistic`: nobody would write or call it so; `duplicate`: much the same was asked already; `wrong`: the code is at fault, so
 * that its output is no example to learn from; `private`: it is not to be learnt from; `other`: anything else.
 */
export const RejectReason = z.enum([
  'trivial',
  'unclear',
  'unrealistic',
  'duplicate',
  'wrong',
  'private',
  'other',
]);
export type RejectReason = z.infer<typeof RejectReason>;

export const ReviewDecision = z.enum(['accept', 'reject', 'edit', 'undo', 'attempt']);
export type ReviewDecision = z.infer<typeof ReviewDecision>;

const ReviewBase = z.object({
  id: z.string(),
  taskId: z.string(),
  /** Who: the operating system's user name. */
  reviewer: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
});

/** What a person decided about a task. Reviews are only ever added: an `undo` takes an earlier one back. */
export const Review = z.discriminatedUnion('decision', [
  ReviewBase.extend({ decision: z.literal('accept') }),
  ReviewBase.extend({
    decision: z.literal('reject'),
    /** Earlier versions let any text stand here. */
    reason: RejectReason.catch('other'),
    /** The task's state before, which an undo gives back. */
    stateBefore: z.enum(['open', 'stale', 'retired']).default('open'),
  }),
  ReviewBase.extend({
    decision: z.literal('edit'),
    /** Id of the task that the edit made; null in records of earlier versions. The edited task stays as it is. */
    variantId: z.string().nullable().default(null),
  }),
  ReviewBase.extend({
    decision: z.literal('undo'),
    /** Id of the review that is taken back. */
    undoes: z.string(),
  }),
  /** The person's own answer: in no rate of the model's. */
  ReviewBase.extend({ decision: z.literal('attempt'), answer: z.string(), verdict: Verdict }),
]);
export type Review = z.infer<typeof Review>;
