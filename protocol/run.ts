import { z } from 'zod';
import { Estimator, PresetName } from './preset.ts';
import { Backend } from './sandbox.ts';

/** How a run of self-play stands or ended. `interrupted`: its process went away; it can be resumed. */
export const RunState = z.enum(['running', 'paused', 'done', 'interrupted', 'failed']);
export type RunState = z.infer<typeof RunState>;

/** One run of self-play. */
export const Run = z.object({
  id: z.string(),
  folder: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  state: RunState,
  /** Why it failed or stopped; null while it runs or when it just finished. */
  reason: z.string().nullable(),
  model: z.object({ name: z.string(), digest: z.string() }),
  backend: Backend,
  /** Runs of before there were presets have the defaults. */
  preset: PresetName.default('autodidact'),
  estimator: Estimator.default('leave-one-out'),
  /** Whether attempts may run Python before they answer. */
  tools: z.boolean().default(false),
  randomSeed: z.number().int(),
  /** Wall time played so far, milliseconds, over all resumptions. */
  playedMs: z.number().nonnegative(),
});
export type Run = z.infer<typeof Run>;
