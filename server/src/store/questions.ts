import type { MessagePort } from 'node:worker_threads';
import type { Operations } from './operations.ts';
import type { StoreReason } from './store-error.ts';

/**
 * A question to the worker, and its answer. Questions are answered in the order in which they were asked. `share` hands over a port,
 * at whose other end another thread asks; its first answer, `opening`, comes unasked.
 */
export type Question =
  | { readonly number: number; readonly operation: keyof Operations; readonly args: readonly unknown[] }
  | { readonly number: number; readonly operation: 'close' }
  | { readonly number: number; readonly operation: 'share'; readonly port: MessagePort };
export type Answer =
  | { readonly number: number; readonly ok: true; readonly value: unknown }
  | { readonly number: number; readonly ok: false; readonly reason: StoreReason; readonly message: string };

/** The number of the answer that names the operations once the database is open. */
export const opening = 0;
