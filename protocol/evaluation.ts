import { z } from 'zod';
import { Finish, ToolCall } from './group.ts';
import { Relation, UnjudgeableReason, Verdict } from './judge.ts';
import { Kind } from './kind.ts';
import { Backend } from './sandbox.ts';
import { UnitRef } from './seed.ts';
import { TrivialSolver } from './task.ts';

/** A figure with its 95 % interval (docs/self-play.md, "Evaluation"). */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof Estimate>;

/** P(parses) × P(right | parses) = P(right); null where nothing was counted. */
export const Rates = z.object({
  parses: Estimate.nullable(),
  rightGivenParses: Estimate.nullable(),
  right: Estimate.nullable(),
});
export type Rates = z.infer<typeof Rates>;

/** What figures are about: all tasks, or those that no trivial solver gets; of a kind or repository, or of all. */
const About = z.object({
  part: z.enum(['all', 'hard']),
  kind: Kind.nullable(),
  repository: z.string().nullable(),
  tasks: z.number().int(),
  /** Units that the tasks are about: what intervals are counted in. */
  units: z.number().int(),
});

export const EvaluationFigures = About.extend({
  /** One answer to each task at temperature 0. */
  greedy: Rates,
  /** k answers to each task at temperature 1; its `right` is mean@k. Null where none were drawn. */
  sampled: Rates.nullable(),
  /** pass@1, pass@2 … pass@k, estimated from the samples. */
  passAtK: z.array(Estimate),
  /** Share of the tasks that a trivial solver gets. */
  trivial: Estimate.nullable(),
});
export type EvaluationFigures = z.infer<typeof EvaluationFigures>;

/** The second model less the first on the same tasks, where both were asked. */
export const ComparisonFigures = About.extend({
  greedy: z.object({
    onlyFirst: z.number().int(),
    onlySecond: z.number().int(),
    difference: Estimate.nullable(),
    /** McNemar's exact test, two-sided. */
    p: z.number(),
  }),
  /** Of mean@k, with the paired bootstrap; null where no samples were drawn. */
  sampled: z.object({ difference: Estimate.nullable(), p: z.number() }).nullable(),
});
export type ComparisonFigures = z.infer<typeof ComparisonFigures>;

/** One answer that a model was asked for. */
export const EvaluatedAnswer = z.object({
  randomSeed: z.number().int(),
  text: z.string(),
  answer: z.string().nullable(),
  finish: Finish,
  promptTokens: z.number().int(),
  completionTokens: z.number().int(),
  /** What the model ran, in order, where it could run Python before its answer. */
  tool: z.array(ToolCall).optional(),
  /** Milliseconds that the model spent on prompt and answer. */
  modelMs: z.number().nonnegative(),
  verdict: Verdict,
});
export type EvaluatedAnswer = z.infer<typeof EvaluatedAnswer>;

/** What one model made of one task. */
export const EvaluatedTask = z.object({
  taskId: z.string(),
  kind: Kind,
  unit: UnitRef,
  repository: z.string(),
  trivial: TrivialSolver.nullable(),
  model: z.object({ name: z.string(), digest: z.string() }),
  backend: Backend,
  /** The relation that each of the verdicts rests on. */
  relation: Relation,
  promptVersion: z.string(),
  /** The exact text that the model saw. */
  prompt: z.string(),
  greedy: EvaluatedAnswer,
  samples: z.array(EvaluatedAnswer),
});
export type EvaluatedTask = z.infer<typeof EvaluatedTask>;

/**
 * Why a task is in no figure. `backend-changed`, `drifts`: its program gives something else here than was recorded;
 * `answer-in-prompt`: its question would show the answer; `prompt-too-long`, `prompt-cut`: it is longer than the model's context;
 * `stalled`: the server stopped in the middle of an answer; `unjudged`: an answer could not be judged; the rest: its record cannot be judged.
 */
export const LeftOutReason = z.union([
  z.enum(['backend-changed', 'answer-in-prompt', 'prompt-too-long', 'prompt-cut', 'stalled', 'unjudged']),
  UnjudgeableReason,
]);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

export const LeftOut = z.object({
  taskId: z.string(),
  kind: Kind,
  file: z.string(),
  line: z.number().int(),
  symbol: z.string(),
  /** The model that it was left out for; null where for all. */
  model: z.string().nullable(),
  reason: LeftOutReason,
});
export type LeftOut = z.infer<typeof LeftOut>;

/** What is wrong with a line of a file of tasks, for a person. Lines count from 1. */
export const LineFault = z.object({ line: z.number().int(), detail: z.string() });
export type LineFault = z.infer<typeof LineFault>;

/** What `eval` found, as written by `--json`: every figure can be computed again from `tasks`. */
export const Evaluation = z.object({
  schema: z.literal(1),
  on: z.enum(['gate', 'test', 'file']),
  /** The store, or the file, that the tasks are from. */
  source: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  /** Whether it ended before all tasks were asked. */
  partial: z.boolean(),
  /** Tasks that were to be asked of each model. */
  planned: z.number().int(),
  k: z.number().int(),
  randomSeed: z.number().int(),
  backend: Backend,
  models: z.array(z.object({ name: z.string(), digest: z.string(), figures: z.array(EvaluationFigures) })),
  /** Of two models; empty for one. */
  comparison: z.array(ComparisonFigures),
  /** Lines of the file that hold no task: how many, and what is wrong with the first of them. */
  faults: z.object({ count: z.number().int(), first: z.array(LineFault) }),
  leftOut: z.array(LeftOut),
  tasks: z.array(EvaluatedTask),
});
export type Evaluation = z.infer<typeof Evaluation>;
