import { z } from 'zod';
import { ExecutionVerdict } from './judge.ts';
import { Kind } from './kind.ts';
import { ReviewDecision } from './review.ts';
import { RunState } from './run.ts';
import { Backend } from './sandbox.ts';
import { Task } from './task.ts';

/**
 * Why tasks are not played any more. `no-longer-holds`: run again, they gave something else; `backend-changed`: they do so on the
 * sandbox or Python that is used now; `code-changed`: their function changed or is gone; `evicted`: there were
 * too many, and these taught least (docs/self-play.md, "Buffer").
 */
export const StateReason = z.enum(['no-longer-holds', 'backend-changed', 'code-changed', 'evicted']);
export type StateReason = z.infer<typeof StateReason>;

/**
 * What was executed, sent or decided, as the audit log keeps it. Details may hold more than is named here. Add events, never
 * change one: lines that an older version wrote are read with this.
 */
export const AuditEvent = z.discriminatedUnion('what', [
  /** Decided: a person had the folder mined, so that it may be executed and played. */
  z.object({ what: z.literal('consent'), detail: z.looseObject({ folder: z.string() }) }),
  /** Executed: functions of the folder, in the sandbox. Without a `mined` after it, it was interrupted. */
  z.object({
    what: z.literal('mining-began'),
    detail: z.looseObject({ folder: z.string(), backend: Backend }),
  }),
  z.object({
    what: z.literal('mined'),
    detail: z.looseObject({
      folder: z.string(),
      files: z.number().int().nonnegative(),
      seeds: z.number().int().nonnegative(),
    }),
  }),
  /** Executed: tests of the folder, in the sandbox, for the calls that they make. */
  z.object({
    what: z.literal('tests-recorded'),
    detail: z.looseObject({
      folder: z.string(),
      files: z.number().int().nonnegative(),
      calls: z.number().int().nonnegative(),
    }),
  }),
  /** Executed: self-play began, or went on after an interruption. */
  z.object({
    what: z.literal('run-began'),
    detail: z.looseObject({
      run: z.string(),
      folder: z.string(),
      model: z.string(),
      digest: z.string(),
      resumed: z.boolean(),
    }),
  }),
  z.object({
    what: z.literal('run-ended'),
    detail: z.looseObject({ run: z.string(), state: RunState, reason: z.string().nullable() }),
  }),
  /** Decided: the style in which a model is asked, by cell. */
  z.object({
    what: z.literal('calibrated'),
    detail: z.looseObject({
      model: z.string(),
      digest: z.string(),
      styles: z.record(z.string(), z.string()),
    }),
  }),
  /** Sent: the target acknowledged these groups. */
  z.object({
    what: z.literal('streamed'),
    detail: z.looseObject({ target: z.string(), groups: z.array(z.string()) }),
  }),
  /** Executed: a trainer trained a round on groups that it was sent. `digest`: of the base. */
  z.object({
    what: z.literal('trained'),
    detail: z.looseObject({
      run: z.string(),
      round: z.number().int().positive(),
      trainer: z.string(),
      mode: z.string(),
      digest: z.string(),
      steps: z.number().int().nonnegative(),
      tokens: z.number().int().nonnegative(),
    }),
  }),
  /** Decided: a round's weights were given to Ollama and checked; a `broken` candidate was deleted again. */
  z.object({
    what: z.literal('published'),
    detail: z.looseObject({
      run: z.string(),
      round: z.number().int().positive(),
      model: z.string(),
      digest: z.string(),
      base: z.string(),
      outcome: z.enum(['good', 'broken']),
    }),
  }),
  /** Decided: tasks were given another state by the engine. */
  z.object({
    what: z.literal('task-state'),
    detail: z.looseObject({
      tasks: z.array(z.string()),
      state: Task.options[0].shape.state,
      why: StateReason,
    }),
  }),
  /** Decided: a person reviewed a task. `reason` is that of a rejection. */
  z.object({
    what: z.literal('reviewed'),
    detail: z.looseObject({
      review: z.string(),
      task: z.string(),
      decision: ReviewDecision,
      reason: z.string().nullable(),
    }),
  }),
  /** Executed: programs that a solver rebuilt from a message, or from pairs alone, to judge an explanation. */
  z.object({
    what: z.literal('rebuilt'),
    detail: z.looseObject({
      taskId: z.string(),
      model: z.string(),
      message: z.string().nullable(),
      tried: z.array(z.looseObject({ randomSeed: z.number(), program: z.string().nullable() })),
    }),
  }),
  /** Decided: a person opened the test split to measure models on it. */
  z.object({
    what: z.literal('test-opened'),
    detail: z.looseObject({
      folder: z.string(),
      models: z.array(z.string()),
      k: z.number().int().nonnegative(),
      randomSeed: z.number().int(),
    }),
  }),
  /** Decided: a monitor of a run fired, and what was done about it. */
  z.object({
    what: z.literal('monitor'),
    detail: z.looseObject({ runId: z.string(), monitor: z.string(), action: z.string() }),
  }),
  /** Executed: a canary was played (docs/self-play.md, "Canaries"): a group of attempts that is no other record. */
  z.object({
    what: z.literal('canary'),
    detail: z.looseObject({ runId: z.string(), task: Task, samples: z.array(z.looseObject({})) }),
  }),
  /**
   * Executed: a run's model was asked a held-out task greedily (docs/self-play.md, "Held out while playing"): an answer that is no other
   * record. The sample of such tasks is asked again and again: `evaluation` counts how often, from 0, and `of` how many it has.
   */
  z.object({
    what: z.literal('held-out'),
    detail: z.looseObject({
      runId: z.string(),
      evaluation: z.number().int().nonnegative(),
      of: z.number().int().positive(),
      task: z.string(),
      kind: Kind,
      verdict: ExecutionVerdict,
      /** Milliseconds that the model spent on it. */
      modelMs: z.number().nonnegative(),
      /** Groups of attempts that the run had recorded by then. */
      solved: z.number().int().nonnegative(),
    }),
  }),
  /** Executed: known cheats were judged. `paid` is the one that counted as right, null where none did. */
  z.object({
    what: z.literal('replayed'),
    detail: z.looseObject({
      runId: z.string(),
      cheats: z.array(z.string()),
      paid: z.string().nullable(),
    }),
  }),
]);
export type AuditEvent = z.infer<typeof AuditEvent>;

/** A line that this version does not know, or cannot read: of a newer one, or damaged. Shown as it stands. */
export const UnknownEvent = z.object({ what: z.literal('unknown'), named: z.string(), detail: z.unknown() });
export type UnknownEvent = z.infer<typeof UnknownEvent>;

/** One line of the audit log. */
export const AuditLine = z.object({
  /** Grows by one with each line. */
  number: z.number().int(),
  /** ISO 8601. */
  at: z.string(),
  event: z.discriminatedUnion('what', [...AuditEvent.options, UnknownEvent]),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** The event that a stored line holds. `detail` is JSON text, written by this version or another. */
export function readEvent(what: string, detail: string): AuditLine['event'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(detail);
  } catch {
    return { what: 'unknown', named: what, detail };
  }
  const event = AuditEvent.safeParse({ what, detail: parsed });
  return event.success ? event.data : { what: 'unknown', named: what, detail: parsed };
}
