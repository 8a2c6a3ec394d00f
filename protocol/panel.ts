import { z } from 'zod';
import { Share } from './report.ts';

/** What a panel compares: programs that the model proposed, or messages about one program. */
export const PanelSubject = z.enum(['programs', 'messages']);
export type PanelSubject = z.infer<typeof PanelSubject>;

/** How one model of a panel voted. */
export const PanelMember = z.object({
  name: z.string(),
  digest: z.string(),
  family: z.string(),
  /** Pairs of which both orders were answered in a form that can be read, of those that were asked. */
  readable: Share,
  /** Of these, pairs on which the answer changed with the order: position bias. They count for nothing. */
  flipped: Share,
  /** Of all readable answers, those for the text that stood first. */
  first: Share,
});
export type PanelMember = z.infer<typeof PanelMember>;

/** How far two models agree on the pairs that both voted on. */
export const PanelAgreement = z.object({
  models: z.tuple([z.string(), z.string()]),
  agreed: Share,
  /** Cohen's κ; null where nobody disagrees with themselves or chance alone would agree always. */
  kappa: z.number().nullable(),
});
export type PanelAgreement = z.infer<typeof PanelAgreement>;

/** Which of two texts a model prefers, in both orders alike; null where it flipped, or could not be read. */
export const Vote = z.enum(['a', 'b']);
export type Vote = z.infer<typeof Vote>;

/** What `panel` found, as written by `--json`. Opinions of models on wording and realism: never a label, never a reward. */
export const Panel = z.object({
  schema: z.literal(1),
  subject: PanelSubject,
  members: z.array(PanelMember),
  agreements: z.array(PanelAgreement),
  /** Mean correlation of two models' votes; null where no two models have votes that vary. */
  correlation: z.number().nullable(),
  /** How many independent votes the panel is worth; null without a correlation. */
  effectiveVotes: z.number().nullable(),
  pairs: z.array(
    z.object({
      a: z.object({ taskId: z.string(), text: z.string() }),
      b: z.object({ taskId: z.string(), text: z.string() }),
      /** In the order of `members`. */
      votes: z.array(Vote.nullable()),
    }),
  ),
});
export type Panel = z.infer<typeof Panel>;
