import { z } from 'zod';
import { Backend } from './sandbox.ts';
import { Split, UnitRef } from './seed.ts';

/** Cheap tricks that must not count as reasoning (docs/architecture.md, "Words"). */
export const TrivialSolver = z.enum([
  'argument',
  'empty-value',
  'commonest-output',
  'output-as-call',
  'empty-arguments',
  'commonest-call',
  'identity',
  'constant',
  'shown-table',
  'nearest-shown',
]);
export type TrivialSolver = z.infer<typeof TrivialSolver>;

/**
 * The rule of its kind (docs/self-play.md, "Worth solving") that a task breaks, so that solving it would teach nothing although it
 * runs: `argument`: the output is one of the arguments; `exceptions`: an exception as the output, of which a set has enough;
 * `exception`, `none`: no output to find a call for; `easily-found`: many calls give the output; `few-shown`, `few-hidden`,
 * `few-outputs`: too few pairs, or too few different outputs among the hidden ones; `nearly-trivial`: a trivial program gives all
 * hidden pairs but for one at most.
 */
export const WorthReason = z.enum([
  'argument',
  'exceptions',
  'exception',
  'none',
  'easily-found',
  'few-shown',
  'few-hidden',
  'few-outputs',
  'nearly-trivial',
]);
export type WorthReason = z.infer<typeof WorthReason>;

/** One call and the output that execution gave it, both Python literal text. */
export const Pair = z.tuple([z.string(), z.string()]);
export type Pair = z.infer<typeof Pair>;

const TaskBase = z.object({
  /** 16 hex digits of SHA-256 over kind and everything that decides the question and its gold. */
  id: z.string(),
  program: z.string(),
  entry: z.string(),
  /** The unit that the task was mined from or that its proposal was grounded in. */
  unit: UnitRef,
  /** `mined`: program and call stand in the workspace; `proposed`: the model wrote some of it; `reviewed`: a person changed another task. */
  origin: z.enum(['mined', 'proposed', 'reviewed']),
  /** Id of the group whose proposal this is; null for all other tasks. */
  proposedBy: z.string().nullable(),
  /** Id of the task that a person changed to make this one; absent for all other tasks. */
  variantOf: z.string().optional(),
  /** `open` can be played; `stale`: its unit changed or is gone; `retired`: never again. */
  state: z.enum(['open', 'stale', 'retired']),
  /** Tasks of `gate` and `test` are held out: never played, proposed from or shown in a prompt. */
  split: Split.default('train'),
  /** The trivial solver that gets this task, if one does. */
  trivial: TrivialSolver.nullable(),
  /** The rule that it breaks, if it breaks one: it is retired then, and kept to be counted. */
  unworthy: WorthReason.optional(),
  backend: Backend,
  /** ISO 8601. */
  createdAt: z.string(),
});

/** (program, call) → output. */
export const DeductionTask = TaskBase.extend({
  kind: z.literal('deduction'),
  call: z.string(),
  /** Gold. */
  output: z.string(),
});
/** (program, output) → any call that gives it. */
export const AbductionTask = TaskBase.extend({
  kind: z.literal('abduction'),
  output: z.string(),
  /** One call known to give `output`; others are as right. */
  call: z.string(),
});
/** (message, shown pairs) → a program that also gives the hidden pairs. */
export const InductionTask = TaskBase.extend({
  kind: z.literal('induction'),
  message: z.string(),
  shown: z.array(Pair),
  hidden: z.array(Pair),
});

/** program → a message from which, with the shown pairs, a solver rebuilds a program that also gives the hidden pairs. */
export const ExplainTask = TaskBase.extend({
  kind: z.literal('explain'),
  shown: z.array(Pair),
  hidden: z.array(Pair),
});

export const Task = z.discriminatedUnion('kind', [DeductionTask, AbductionTask, InductionTask, ExplainTask]);
export type Task = z.infer<typeof Task>;
export type DeductionTask = z.infer<typeof DeductionTask>;
export type AbductionTask = z.infer<typeof AbductionTask>;
export type InductionTask = z.infer<typeof InductionTask>;
export type ExplainTask = z.infer<typeof ExplainTask>;
/** A task whose answers execution alone judges. */
export type ExecutedTask = Exclude<Task, ExplainTask>;
