import { parentPort, workerData } from 'node:worker_threads';
import { type FileIndex, indexDocument, indexModule } from './file-index.ts';
import type { IndexAnswer, IndexedDocument, IndexQuestion, IndexThreadData } from './index-threads.ts';

/** A thread that indexes the files that it is asked for. */

if (parentPort === null) throw new TypeError('The index thread is started as a worker thread.');
const port = parentPort;
const { bounds, wanted } = workerData as IndexThreadData;
/** It is ended from outside. */
const { signal } = new AbortController();

port.on('message', (question: IndexQuestion) => {
  void answer(question).then((found) => port.postMessage(found));
});

async function answer({ type, files }: IndexQuestion): Promise<IndexAnswer> {
  const found: (FileIndex | IndexedDocument)[] = [];
  for (const file of files) {
    if (type === 'modules') found.push(await indexModule(file, bounds, wanted, signal));
    else found.push({ ok: 'document', file, ...(await indexDocument(file, bounds, wanted, signal)) });
  }
  return found;
}
