import { onTestFinished } from 'vitest';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { storePath } from '../../server/src/store/store-path.ts';
import { sampleRun } from './sample-records.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A workspace with an empty store that knows of one run, and the arguments that name both to a command. */
export async function openedStore(): Promise<{ readonly store: Store; readonly args: readonly string[] }> {
  const folder = await temporaryFolder();
  const storeFolder = await temporaryFolder();
  const store = await openStore({ path: await storePath(folder, { env: {}, storeFolder }) });
  onTestFinished(() => store.close());
  await store.putRun(sampleRun('run'));
  return { store, args: [folder, '--store', storeFolder] };
}
