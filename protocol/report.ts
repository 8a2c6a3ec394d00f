import { z } from 'zod';
import { Kind, Role } from './kind.ts';
import { NoLabel } from './pseudo-label.ts';
import { RunState } from './run.ts';
import { Backend } from './sandbox.ts';
import { Task } from './task.ts';

/** A share with its 95 % interval (Wilson). `of` 0: nothing was counted, and the interval says nothing. */
export const Share = z.object({
  count: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
  low: z.number(),
  high: z.number(),
});
export type Share = z.infer<typeof Share>;

/** What one version of the model gave: how many calls were asked, how many of them got a label, and how right such labels are. */
export const PseudoReport = z.object({
  model: z.object({ name: z.string(), digest: z.string() }),
  asked: z.number().int(),
  labelled: z.number().int(),
  /** Why the others got none, with counts. */
  noLabel: z.partialRecord(NoLabel, z.number().int()),
  /** How many labels on verified tasks, asked in the same way, are what execution gives. */
  accuracy: Share,
  /** Whether labels of this version are too often wrong for any more to be asked for. */
  isStopped: z.boolean(),
});
export type PseudoReport = z.infer<typeof PseudoReport>;

/** What happened in one cell. */
export const CellReport = z.object({
  kind: Kind,
  role: Role,
  /** Samples that were drawn. */
  asked: z.number().int(),
  wellFormed: Share,
  /** Propose: valid, new and not trivially solved. Solve: right. */
  succeeded: Share,
  /** Solve only: right on tasks that no trivial solver gets. */
  succeededHard: Share.nullable(),
  /** Why samples failed, with counts. */
  reasons: z.record(z.string(), z.number().int()),
  /** Mean of the solve rates of groups (solve) or of proposed tasks that were played (propose); null without any. */
  solveRate: z.number().nullable(),
  /** Mean learnability of the same; null without any. */
  learnability: z.number().nullable(),
  meanReward: z.number().nullable(),
  /** How often attempts that could run Python did so, and how many of them; null where none could. */
  tool: z.object({ calls: z.number().int(), used: Share }).nullable().default(null),
  tokensIn: z.number().int(),
  tokensOut: z.number().int(),
  /** Tokens out per second of the model's own completion time; null where it spent none. */
  tokensPerSecond: z.number().nullable(),
});
export type CellReport = z.infer<typeof CellReport>;

/** A run's sample of held-out tasks, asked once through (docs/self-play.md, "Held out while playing"). */
export const HeldOutReport = z.object({
  /** ISO 8601, of the first and the last answer. */
  from: z.string(),
  to: z.string(),
  /** Greedy answers that were right. */
  right: Share,
  /** Whether all of the sample was asked. */
  isWhole: z.boolean(),
});
export type HeldOutReport = z.infer<typeof HeldOutReport>;

/** What happened in one of the equal spans of a run. */
export const Span = z.object({
  /** ISO 8601. */
  from: z.string(),
  to: z.string(),
  /** The same as time played, milliseconds: what lies between a stop and its resumption does not count. */
  fromMs: z.number(),
  toMs: z.number(),
  cells: z.array(CellReport.pick({ kind: true, role: true, asked: true, wellFormed: true, succeeded: true })),
  /** Greedy answers to held-out tasks that were right. */
  heldOut: Share,
  /** `solved`: an answer counted as right. */
  canaries: z.object({ played: z.number().int(), solved: z.number().int() }),
  /** What monitors found, and canaries. */
  findings: z.array(
    z.object({
      at: z.string(),
      monitor: z.string(),
      kind: Kind.nullable(),
      action: z.string(),
      /** One sentence for a person. */
      detail: z.string(),
    }),
  ),
});
export type Span = z.infer<typeof Span>;

/** What a run did, as `play --json` and `report --json` write it. */
export const Report = z.object({
  schema: z.literal(1),
  runId: z.string(),
  folder: z.string(),
  store: z.string(),
  model: z.object({ name: z.string(), digest: z.string() }),
  backend: Backend,
  startedAt: z.string(),
  /** How it stood when this was written, and why; null while it runs or when it just finished. */
  state: RunState.default('done'),
  reason: z.string().nullable().default(null),
  playedMs: z.number(),
  /** Share of the wall time during which the model worked. */
  modelBusy: z.number(),
  seeds: z.number().int(),
  tasks: z.number().int(),
  /** Mined tasks that are none because they break a rule of what is worth solving, by rule (`WorthReason`). */
  unworthy: z.record(z.string(), z.number().int()).default({}),
  cells: z.array(CellReport),
  /** What was asked without an oracle, by version of the model, oldest first, over all runs of the store; in no other figure. */
  pseudoLabels: z.array(PseudoReport).default([]),
  /** Each time that the sample of held-out tasks was asked, oldest first. */
  heldOut: z.array(HeldOutReport).default([]),
  /** The run in equal spans, six at most, each of a minute at least. */
  spans: z.array(Span).default([]),
  /** At most one task of each kind, as a person would want to read them. */
  examples: z.array(
    z.object({ task: Task, attempts: z.number().int(), right: z.number().int(), got: z.array(z.string()) }),
  ),
});
export type Report = z.infer<typeof Report>;
