import { type MessagePort, Worker } from 'node:worker_threads';
import { entryPoint } from '../entry-point.ts';
import { Asker, closed } from './asker.ts';
import type { Answer } from './questions.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { StoreWorkerData } from './worker.ts';

/** A store whose operations run in a worker thread of its own. Rejects with `StoreError` where it cannot be opened. */
export async function storeInWorker(data: StoreWorkerData): Promise<Store> {
  const { path } = data;
  const worker = new Worker(entryPoint('store-worker'), { workerData: data, name: 'autodidact-store' });
  const asker = new Asker(path, (question, transfer) => worker.postMessage(question, transfer));
  worker.on('message', (answer: Answer) => asker.answered(answer));
  worker.on('error', (error) =>
    asker.end(new StoreError('failed', `${path}: its worker failed: ${String(error)}`)),
  );
  worker.on('exit', () => asker.end(closed(path)));
  let closing: Promise<unknown> | undefined;
  const close = async () => {
    closing ??= asker.close().then(() => worker.terminate());
    await closing;
  };
  try {
    return { ...(await asker.operations()), path, close };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/**
 * The store behind a port that another thread's `share` gave. Closing it closes the port alone; the store stays open for all others.
 * Rejects with `StoreError` where the store is closed already.
 */
export async function storeAtPort(port: MessagePort, path: string): Promise<Store> {
  const asker = new Asker(path, (question, transfer) => port.postMessage(question, transfer));
  port.on('message', (answer: Answer) => asker.answered(answer));
  port.on('close', () => asker.end(closed(path)));
  const close = async () => {
    asker.end(closed(path));
    port.close();
  };
  return { ...(await asker.operations()), path, close };
}
