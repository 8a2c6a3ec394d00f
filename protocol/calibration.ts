import { z } from 'zod';
import { Estimate } from './evaluation.ts';
import { Kind, Role } from './kind.ts';
import { Share } from './report.ts';
import { Backend } from './sandbox.ts';
import { Style } from './style.ts';

const Count = z.number().int().nonnegative();

/** What was counted of one style in one cell. A question that was put is in exactly one of `asked`, `skipped` and `unjudged`. */
export const StyleCounts = z.object({
  style: Style,
  /** Answers that were judged. */
  asked: Count,
  /** Answers in which the parser found one: of those asked. */
  parsed: Count,
  /** Attempts that were right; proposals that were valid and new. */
  right: Count,
  promptTokens: Count,
  completionTokens: Count,
  /** Questions that are longer than the model's context in this style. */
  skipped: Count,
  /** Answers that the server broke off or the sandbox could not judge. */
  unjudged: Count,
  /** The round after which it was asked no more, counted from 1; null where it was asked to the end. */
  droppedAfter: z.number().int().positive().nullable(),
});
export type StyleCounts = z.infer<typeof StyleCounts>;

/** A line of the table: what was counted, and what it comes to. */
export const StyleMeasured = StyleCounts.extend({
  name: z.string(),
  /** False where nothing sampled in this style can be trained on: it is measured, and never chosen. */
  trainable: z.boolean(),
  /** Successes of the questions put, those too long for the style among them. */
  succeeded: Share,
  /** Successes per 1,000 tokens of prompts and completions; null where nothing was asked. */
  perThousandTokens: Estimate.nullable(),
  tokensPerSuccess: z.number().nullable(),
});
export type StyleMeasured = z.infer<typeof StyleMeasured>;

/**
 * What was chosen for a cell, and why. `nothing-right`: no style had a success, so that nothing speaks for any; `no-tasks`: there was
 * nothing to measure on. In both the default style stays. `not-asked`, `too-few`: the time was over before any
 * question, or before enough of them in a style that had a success; what was chosen earlier stays. `stopped`: nothing was chosen yet.
 */
export const CellCalibration = z.object({
  kind: Kind,
  role: Role,
  promptVersion: z.string(),
  /** Different tasks, or references, that were asked about. */
  items: Count,
  chosen: Style.nullable(),
  why: z.enum(['measured', 'nothing-right', 'no-tasks', 'not-asked', 'too-few', 'stopped']),
  styles: z.array(StyleMeasured),
});
export type CellCalibration = z.infer<typeof CellCalibration>;

/** What `calibrate` found of a model, as kept in the store and written by `--json`. */
export const Calibration = z.object({
  schema: z.literal(1),
  model: z.object({ name: z.string(), digest: z.string() }),
  backend: Backend,
  startedAt: z.string(),
  endedAt: z.string(),
  /** `done`: all rounds; `minutes`: the time was over before; `stopped`: a person or an error ended it, and nothing was chosen. */
  ended: z.enum(['done', 'minutes', 'stopped']),
  /** Questions put in a style that stays to the end. */
  samples: z.number().int().positive(),
  randomSeed: z.number().int(),
  /** Whether the model has a chat template; without one it is asked in no style that goes through it. */
  hasTemplate: z.boolean(),
  cells: z.array(CellCalibration),
});
export type Calibration = z.infer<typeof Calibration>;
