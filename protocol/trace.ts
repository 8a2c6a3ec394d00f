import { z } from 'zod';
import { AuditLine } from './audit.ts';
import { Group } from './group.ts';
import { VerdictName } from './judge.ts';
import { Share } from './report.ts';
import { Review } from './review.ts';
import { Run } from './run.ts';
import { Seed } from './seed.ts';
import { Task } from './task.ts';

/**
 * What attempts tell of how often a task is solved. `untried`: nothing was counted; `unknown`: no attempt was right, yet the
 * interval leaves room for a rate worth playing for (`0 of 8` reaches up to 32 %); `never`: it leaves none (`0 of 80`);
 * `measured`: some were right.
 */
export const KnownRate = z.enum(['untried', 'unknown', 'never', 'measured']);
export type KnownRate = z.infer<typeof KnownRate>;

/** One task's whole story, as whole records: what `autodidact trace --json` writes. */
export const Trace = z.object({
  schema: z.literal(1),
  task: Task,
  /** The task that a person changed to make this one. */
  variantOf: Task.nullable(),
  /** The seeds that the task is made of; where it is made of none that is kept, some of its function. */
  seeds: z.array(Seed),
  /** The group in which it was proposed; null where it was not. */
  proposal: Group.options[0].nullable(),
  /** The newest groups of attempts, oldest first. */
  groups: z.array(Group.options[1]),
  /** Runs in which it was proposed or played. */
  runs: z.array(Run),
  /** Right among all attempts that were judged, those of groups that are left out here included. */
  solved: Share,
  known: KnownRate,
  /** All attempts by what they answered: equal values or programs of one shape together, the commonest first. */
  answers: z.array(
    z.object({ answer: z.string().nullable(), verdict: VerdictName, count: z.number().int() }),
  ),
  reviews: z.array(Review),
  /** Its groups in the outbox. `target` and `at` are those of the first delivery; null while there is none. */
  sent: z.array(
    z.object({
      groupId: z.string(),
      position: z.number().int(),
      acknowledged: z.boolean(),
      target: z.string().nullable(),
      at: z.string().nullable(),
    }),
  ),
  /** Lines of the audit log that name the task. */
  log: z.array(AuditLine),
});
export type Trace = z.infer<typeof Trace>;
