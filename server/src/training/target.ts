import type { Batch } from './batch.ts';

/** Why a delivery is tried again. */
export type LaterReason = 'unreachable' | 'slow' | 'busy' | 'server-error' | 'disk-full' | 'store';

/** Why nothing more is delivered until a person did something. */
export type StopReason =
  | 'unauthorised'
  | 'rejected'
  | 'redirected'
  | 'too-large'
  | 'not-a-stream'
  | 'unwritable'
  | 'store';

/** What became of a batch. Only `delivered` means that the target has it for good. */
export type Delivery =
  | { readonly outcome: 'delivered' }
  /** `afterMs`: what the target asked to wait. */
  | {
      readonly outcome: 'later';
      readonly reason: LaterReason;
      readonly detail: string;
      readonly afterMs?: number;
    }
  | { readonly outcome: 'too-large'; readonly detail: string }
  | { readonly outcome: 'stop'; readonly reason: StopReason; readonly detail: string };

/** Where groups are streamed to. */
export interface Target {
  /** As a person named it; holds no secret. */
  readonly name: string;
  /** Hands a batch over. Rejects only when aborted; then it may have been delivered or not. */
  deliver(batch: Batch, signal: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}
