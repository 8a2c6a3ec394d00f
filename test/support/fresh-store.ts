import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { sampleRun, sampleTask } from './sample-records.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where no store is yet. */
export async function newPath(): Promise<string> {
  return path.join(await temporaryFolder(), 'records', 'store.db');
}

/** A store that is closed when the test ends. */
export async function opened(at: string, maxPages?: number): Promise<Store> {
  const store = await openStore({ path: at, ...(maxPages === undefined ? {} : { maxPages }) });
  onTestFinished(() => store.close());
  return store;
}

/** A store with a run and a task, which groups refer to. */
export async function playedStore(at: string, maxPages?: number): Promise<Store> {
  const store = await opened(at, maxPages);
  await store.putRun(sampleRun('run'));
  await store.putTasks([sampleTask('task')]);
  return store;
}
