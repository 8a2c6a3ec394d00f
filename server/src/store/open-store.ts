import { makePrivatePlace } from './private-place.ts';
import { putAside, whileNobodyPutsAside } from './put-aside.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { StoreWorkerData } from './worker.ts';
import { storeInWorker } from './worker-client.ts';

export interface OpenStoreOptions {
  /** Path of the database file; it and missing folders are made, private to the user. */
  readonly path: string;
  /** Most pages of 4 KiB that the database may grow to; unbounded where absent. */
  readonly maxPages?: number;
}

/**
 * Opens the store of a folder. A damaged database is put aside under a name that says when, never overwritten, and a new
 * one begun; `store.putAside` names it. Rejects with `StoreError`.
 */
export async function openStore({ path, maxPages }: OpenStoreOptions): Promise<Store> {
  const data: StoreWorkerData = { path, maxPages };
  await makePrivatePlace(path);
  return storeInWorker(data).catch((error: unknown) => {
    if (!StoreError.is(error, 'corrupt')) throw error;
    return whileNobodyPutsAside(path, () => openAnew(data));
  });
}

/** Begins a new database in place of a damaged one, unless another process did so meanwhile. */
async function openAnew(data: StoreWorkerData): Promise<Store> {
  try {
    return await storeInWorker(data);
  } catch (error) {
    if (!StoreError.is(error, 'corrupt')) throw error;
  }
  const aside = await putAside(data.path, new Date());
  await makePrivatePlace(data.path);
  return { ...(await storeInWorker(data)), putAside: aside };
}
