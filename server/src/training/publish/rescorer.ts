import type { Rescored } from '../../../../protocol/trainer.ts';

/** Scores samples with the trainer's own weights of one round, and says which of the bounds of their form are not kept. */
export interface Rescorer {
  /** `groups`: NDJSON, a line for each `Group`. Undefined where nothing of them can be scored. */
  rescore(groups: string, signal: AbortSignal): Promise<Rescored | undefined>;
}
