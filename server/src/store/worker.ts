import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './connection.ts';
import { type Operations, operationsOn } from './operations.ts';
import { migrate } from './schema.ts';
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

/** The number of the answer that names the operations once the database is open. */
const opening = 0;

if (parentPort === null) throw new TypeError('The store worker is started as a worker thread.');
const port = parentPort;
const { path, maxPages } = workerData as StoreWorkerData;

answer(opening, () => {
  const database = openDatabase(path, maxPages);
  try {
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  const operations = operationsOn(database);
  port.on('message', ({ number, operation, args }: Question) => {
    answer(number, () => {
      if (operation === 'close') return database.close();
      return (operations[operation] as (...given: readonly unknown[]) => unknown)(...args);
    });
    if (operation === 'close') port.close();
  });
  return Object.keys(operations);
});

function answer(number: number, work: () => unknown): void {
  try {
    port.postMessage({ number, ok: true, value: work() } satisfies Answer);
  } catch (error) {
    const { reason, message } = asStoreError(error, path);
    port.postMessage({ number, ok: false, reason, message } satisfies Answer);
  }
}
