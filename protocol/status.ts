import { z } from 'zod';

/** Why nothing can go on until a person does something. */
export const ProblemReason = z.enum([
  'ollama-not-installed',
  'ollama-not-running',
  'ollama-too-old',
  'model-missing',
  'sandbox-broken',
  'store-broken',
  'disk-full',
  'no-python-files',
  'failed',
]);
export type ProblemReason = z.infer<typeof ProblemReason>;

/** A problem; `detail` is a sentence for people: what happened and what to do. */
export const Problem = z.object({ reason: ProblemReason, detail: z.string() });
export type Problem = z.infer<typeof Problem>;

/** What runs programs, and why that, in words; empty before it has started. */
const Ground = z.string();

/** Everything the status item can say; computed in one place in the server, drawn in one place in the client. */
export const Status = z.discriminatedUnion('state', [
  /** Nothing was mined yet, or nothing is going on. */
  z.object({ state: z.literal('idle'), seeds: z.number(), tasks: z.number() }),
  /** The workspace is not trusted: shows, never runs. */
  z.object({ state: z.literal('restricted') }),
  z.object({ state: z.literal('starting'), what: z.string() }),
  z.object({
    state: z.literal('mining'),
    filesDone: z.number(),
    files: z.number(),
    seeds: z.number(),
    sandbox: Ground,
  }),
  z.object({
    state: z.literal('playing'),
    model: z.string(),
    groups: z.number(),
    attempts: z.number(),
    right: z.number(),
    /** Why it waits now, if it does; it goes on by itself. */
    suspended: z.enum(['quiet-hours', 'battery']).optional(),
    sandbox: Ground,
  }),
  z.object({ state: z.literal('paused'), by: z.enum(['person', 'other-player']), detail: z.string() }),
  Problem.extend({ state: z.literal('problem') }),
]);
export type Status = z.infer<typeof Status>;
