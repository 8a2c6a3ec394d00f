import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { entryPoint } from '../entry-point.ts';
import type { Operations } from './database.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Answer, Question, StoreWorkerData } from './worker.ts';

export interface OpenStoreOptions {
  /** Path of the database file; its folder is made, private to the user. */
  readonly path: string;
  /** Most pages of 4 KiB that the database may grow to; unbounded where absent. */
  readonly maxPages?: number;
}

/** Questions that may wait for the worker. A caller that asks more without waiting is a bug, told at once. */
const maxWaiting = 10_000;

/**
 * Opens the store of a folder. A damaged database is put aside under a name that says when, never overwritten, and a new
 * one begun; `store.putAside` names it. Rejects with `StoreError`.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  await makePrivateFolder(dirname(options.path));
  try {
    return await openWorker(options);
  } catch (error) {
    if (!StoreError.is(error, 'corrupt')) throw error;
    const putAside = await aside(options.path);
    const store = await openWorker(options);
    return { ...store, putAside };
  }
}

async function openWorker({ path, maxPages }: OpenStoreOptions): Promise<Store> {
  const worker = new Worker(entryPoint('store-worker'), {
    workerData: { path, maxPages } satisfies StoreWorkerData,
    name: 'autodidact-store',
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  let last = 0;
  let closed: Promise<void> | undefined;
  const settle = (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.ok) asked?.resolve(answer.value as never);
    else asked?.reject(new StoreError(answer.reason, answer.message));
  };
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', settle);
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new StoreError('closed', `${path} was closed.`)));
  const opened = new Promise<void>((resolve, reject) => waiting.set(last, { resolve, reject }));
  const ask = <Name extends keyof Operations>(operation: Name | 'close', args: readonly unknown[]) => {
    if (closed !== undefined && operation !== 'close') {
      return Promise.reject(new StoreError('closed', `${path} was closed.`));
    }
    if (waiting.size >= maxWaiting) {
      return Promise.reject(new StoreError('failed', `${path}: ${maxWaiting} requests wait already.`));
    }
    last += 1;
    const number = last;
    return new Promise<never>((resolve, reject) => {
      waiting.set(number, { resolve, reject });
      worker.postMessage({ number, operation, args } satisfies Question);
    });
  };
  try {
    await opened;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const operation =
    <Name extends keyof Operations>(name: Name) =>
    (...args: unknown[]) =>
      ask(name, args);
  const operations = Object.fromEntries(operationNames.map((name) => [name, operation(name)]));
  return {
    ...(operations as unknown as Omit<Store, 'path' | 'close' | 'putAside'>),
    path,
    close: () => {
      closed ??= ask('close', [])
        .then(() => worker.terminate())
        .then(() => undefined);
      return closed;
    },
  };
}

const operationNames: readonly (keyof Operations)[] = [
  'putSeeds',
  'seeds',
  'removeSeeds',
  'putTasks',
  'tasks',
  'setTaskState',
  'commitGroup',
  'groups',
  'putRun',
  'runs',
  'putReview',
  'reviews',
  'outgoing',
  'acknowledge',
  'takeLease',
  'renewLease',
  'releaseLease',
  'audit',
  'note',
  'setNote',
];

async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC')
      throw new StoreError('disk-full', `${folder} cannot be made: the disk is full. Free some room.`);
    throw new StoreError('read-only', `${folder} cannot be made (${code}). Name another place with --store.`);
  }
}

/** Puts a damaged database aside with what belongs to it; gives its new path. */
async function aside(path: string): Promise<string> {
  const putAside = `${path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if ((await stat(path + suffix).catch(() => undefined)) !== undefined)
      await rename(path + suffix, putAside + suffix);
  }
  return putAside;
}
