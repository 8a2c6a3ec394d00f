import { Worker } from 'node:worker_threads';
import { entryPoint } from '../entry-point.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Answer, Question, StoreWorkerData } from './worker.ts';

/** Questions that may wait for the worker. Whoever waits for each answer before the next question never gets there. */
const maxWaiting = 1_000;

/** The number of the answer that names the operations once the database is open. */
const opening = 0;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/** A store whose operations run in a worker thread of its own. Rejects with `StoreError` where it cannot be opened. */
export async function storeInWorker(data: StoreWorkerData): Promise<Store> {
  const { path } = data;
  const waiting = new Map<number, Waiting>();
  let last = opening;
  /** Why nothing can be asked any more. */
  let over: StoreError | undefined;
  let closed: Promise<void> | undefined;

  const opened = new Promise<unknown>((resolve, reject) => waiting.set(opening, { resolve, reject }));
  const worker = new Worker(entryPoint('store-worker'), { workerData: data, name: 'autodidact-store' });
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.ok) asked?.resolve(answer.value);
    else asked?.reject(new StoreError(answer.reason, answer.message));
  });
  const end = (error: StoreError) => {
    over ??= error;
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
  };
  worker.on('error', (error) =>
    end(new StoreError('failed', `${path}: its worker failed: ${String(error)}`)),
  );
  worker.on('exit', () => end(new StoreError('closed', `${path} was closed.`)));

  const ask = (operation: Question['operation'], args: readonly unknown[]): Promise<unknown> => {
    if (over !== undefined) return Promise.reject(over);
    if (waiting.size >= maxWaiting) {
      const message = `${path}: ${maxWaiting} questions wait already. Wait for answers before asking more.`;
      return Promise.reject(new StoreError('overloaded', message));
    }
    last += 1;
    const number = last;
    return new Promise((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      worker.postMessage({ number, operation, args } satisfies Question);
    });
  };
  const close = async () => {
    const answered = ask('close', []);
    over ??= new StoreError('closed', `${path} was closed.`);
    await answered.catch(() => undefined);
    await worker.terminate();
  };

  let names: readonly Question['operation'][];
  try {
    names = (await opened) as readonly Question['operation'][];
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const operations = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => ask(name, args)]),
  ) as unknown as Omit<Store, 'path' | 'close'>;
  return {
    ...operations,
    path,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
