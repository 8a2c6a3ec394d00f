import { parentPort, workerData } from 'node:worker_threads';
import type { Reading } from '../workspace.ts';
import { type FileIndex, indexDocument, indexModule } from './file-index.ts';
import type { IndexAnswer, IndexedDocument, IndexMessage, IndexQuestion } from './index-threads.ts';
import type { WantedNames } from './wanted-names.ts';

/** A thread that indexes the files that it is asked for. */

if (parentPort === null) throw new TypeError('The index thread is started as a worker thread.');
const port = parentPort;
const bounds = workerData as Reading;
let wanted: WantedNames = { functions: new Set(), units: new Set() };
/** It is ended from outside. */
const { signal } = new AbortController();

port.on('message', (message: IndexMessage) => {
  if (message.type === 'wanted') wanted = message.wanted;
  else void answer(message).then((found) => port.postMessage(found));
});

async function answer({ type, files }: IndexQuestion): Promise<IndexAnswer> {
  const found: (FileIndex | IndexedDocument)[] = [];
  for (const file of files) {
    if (type === 'modules') found.push(await indexModule(file, bounds, wanted, signal));
    else found.push({ ok: 'document', file, ...(await indexDocument(file, bounds, wanted, signal)) });
  }
  return found;
}
