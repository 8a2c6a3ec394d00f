import { z } from 'zod';

/** What a person decided about a task. */
export const Review = z.object({
  id: z.string(),
  taskId: z.string(),
  decision: z.enum(['accept', 'reject', 'edit']),
  reason: z.string(),
  /** Who: the operating system's user name. */
  reviewer: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
});
export type Review = z.infer<typeof Review>;
