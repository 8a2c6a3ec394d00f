import { z } from 'zod';
import { Attempt, Sampling } from './group.ts';
import { UnitRef } from './seed.ts';

/** Why no call of a unit could be executed to an output, where its program could be cut out. */
export const Unanswered = z.enum(['does-io', 'third-party-import', 'limit', 'violation']);
export type Unanswered = z.infer<typeof Unanswered>;

/** A question that execution cannot answer here: asked as a deduction, without a gold value. It is no task. */
export const UnansweredCall = z.object({
  /** 16 hex digits of SHA-256 over program, entry and call. */
  id: z.string(),
  kind: z.literal('deduction'),
  program: z.string(),
  entry: z.string(),
  /** The argument tuple: `(1, 'a')`. It stands in the workspace or was recorded of its tests; none is made up. */
  call: z.string(),
  why: Unanswered,
  unit: UnitRef,
});
export type UnansweredCall = z.infer<typeof UnansweredCall>;

/**
 * Why a group of answers gives no label. `unreadable`: no answer can be read; `tie`: two answers are the commonest;
 * `below-band`, `above-band`: too few or too many agree (docs/self-play.md, "Pseudo-labels"); `trivial`: a cheap trick gives it.
 */
export const NoLabel = z.enum(['unreadable', 'tie', 'below-band', 'above-band', 'trivial']);
export type NoLabel = z.infer<typeof NoLabel>;

/** An answer of a group without a verdict: nothing was executed, so nothing says that it is right. */
export const PseudoSample = Attempt.omit({ verdict: true, judgingMs: true });
export type PseudoSample = z.infer<typeof PseudoSample>;

/**
 * Answers to one question, and the majority's answer where it counts as a label. A record of its own on a track of its own: it is
 * no `Group`, so that nothing that reads groups, tasks or rates ever meets one. `trainable` is false on every record, as far as
 * readers of groups are concerned; who trains on pseudo-labels asks for this track, and uses `estimator` with the part `agreement`.
 */
export const PseudoGroup = z.object({
  schema: z.literal(1),
  track: z.literal('pseudo'),
  id: z.string(),
  runId: z.string(),
  /** What was asked: a call without a gold value, or a verified task that checks the labels. `isRight` is null without a label. */
  about: z.discriminatedUnion('type', [
    z.object({ type: z.literal('unanswered'), call: UnansweredCall }),
    z.object({ type: z.literal('probe'), taskId: z.string(), isRight: z.boolean().nullable() }),
  ]),
  /** The majority's answer, an output literal; null where it is no label. */
  label: z.string().nullable(),
  noLabel: NoLabel.nullable(),
  /** p̂: the share of all answers that give the commonest readable one. */
  agreement: z.number(),
  estimator: z.literal('adpo'),
  trainable: z.literal(false),
  notTrainable: z.literal('pseudo-label'),
  model: z.object({ name: z.string(), digest: z.string() }),
  promptVersion: z.string(),
  /** The exact text that the model saw. */
  prompt: z.string(),
  sampling: Sampling,
  /** ISO 8601. */
  createdAt: z.string(),
  samples: z.array(PseudoSample),
});
export type PseudoGroup = z.infer<typeof PseudoGroup>;

/** The same without what the model saw and said. */
export const PseudoLabel = PseudoGroup.omit({ prompt: true, samples: true });
export type PseudoLabel = z.infer<typeof PseudoLabel>;
