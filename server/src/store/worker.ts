import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './connection.ts';
import { type Operations, operationsOn } from './operations.ts';
import { type Answer, opening, type Question } from './questions.ts';
import { migrate } from './schema.ts';
import { asStoreError } from './sqlite-error.ts';

/** What the worker is started with. */
export interface StoreWorkerData {
  readonly path: string;
  readonly maxPages: number | undefined;
}

if (parentPort === null) throw new TypeError('The store worker is started as a worker thread.');
const parent = parentPort;
const { path, maxPages } = workerData as StoreWorkerData;

answer(parent, opening, () => {
  const database = openDatabase(path, maxPages);
  try {
    migrate(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return serve(parent, operationsOn(database), () => database.close());
});

/** Answers what is asked at a port from now on; gives the names of what may be asked. */
function serve(port: MessagePort, operations: Operations, close: () => void): string[] {
  port.on('message', (question: Question) => {
    answer(port, question.number, () => {
      if (question.operation === 'close') return close();
      if (question.operation === 'share') {
        const { port: other } = question;
        return answer(other, opening, () => serve(other, operations, close));
      }
      const { operation, args } = question;
      return (operations[operation] as (...given: readonly unknown[]) => unknown)(...args);
    });
    if (question.operation === 'close') parent.close();
  });
  return Object.keys(operations);
}

function answer(port: MessagePort, number: number, work: () => unknown): void {
  try {
    port.postMessage({ number, ok: true, value: work() } satisfies Answer);
  } catch (error) {
    const { reason, message } = asStoreError(error, path);
    port.postMessage({ number, ok: false, reason, message } satisfies Answer);
  }
}
