import { parentPort, workerData } from 'node:worker_threads';
import { type Operations, openDatabase } from './database.ts';
import { asStoreError } from './sqlite-error.ts';
import type { StoreReason } from './store-error.ts';

/** What the worker is started with. */
export interface StoreWorkerData {
  readonly path: string;
  readonly maxPages: number | undefined;
}

/** A question to the worker, and its answer. Questions are answered in the order in which they were asked. */
export interface Question {
  readonly number: number;
  readonly operation: keyof Operations | 'close';
  readonly args: readonly unknown[];
}
export type Answer =
  | { readonly number: number; readonly ok: true; readonly value: unknown }
  | { readonly number: number; readonly ok: false; readonly reason: StoreReason; readonly message: string };

if (parentPort === null) throw new TypeError('The store worker is started as a worker thread.');
const port = parentPort;
const { path, maxPages } = workerData as StoreWorkerData;

/** The number of the answer that tells whether the database opened. */
const opening = 0;

answer(opening, () => {
  const { operations, close } = openDatabase(path, { maxPages });
  port.on('message', ({ number, operation, args }: Question) => {
    answer(number, () => {
      if (operation !== 'close')
        return (operations[operation] as (...given: readonly unknown[]) => unknown)(...args);
      close();
      return undefined;
    });
    if (operation === 'close') port.close();
  });
});

function answer(number: number, work: () => unknown): void {
  try {
    port.postMessage({ number, ok: true, value: work() } satisfies Answer);
  } catch (error) {
    const { reason, message } = asStoreError(error, path);
    port.postMessage({ number, ok: false, reason, message } satisfies Answer);
  }
}
