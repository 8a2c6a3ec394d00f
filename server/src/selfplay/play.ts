import type { Group } from '../../../protocol/group.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';

export interface PlayOptions {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  readonly model: string;
  /** Wall time to play, minutes; without end where absent. */
  readonly minutes?: number;
  /** Tasks to solve; without end where absent. */
  readonly tasks?: number;
  readonly randomSeed: number;
  /** Put each group into the outbox, to be streamed. */
  readonly stream: boolean;
}

/** Told while a run goes on, after the record is durable. */
export type PlayEvent =
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'asked' }
  | { readonly type: 'group'; readonly group: Group; readonly tasks: readonly Task[] };

export interface PlayParts {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly endpoint: Endpoint;
  readonly onEvent: (event: PlayEvent) => void;
}

/**
 * Self-play on the seeds and tasks in the store: propose, validate, solve, judge, reward, record, in turn over the six
 * cells, until a budget ends or the signal fires (pause and stop alike: what is done is kept). Takes the lease.
 */
export declare function play(options: PlayOptions, parts: PlayParts, signal: AbortSignal): Promise<Run>;
