import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { KeptTrees } from '../../mining/kept-trees.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { KeptSandbox } from './kept-sandbox.ts';
import type { FromMiningThread, MiningThreadData, ToMiningThread } from './messages.ts';
import { runMining } from './run-mining.ts';

/** The thread that mines, for the one that answers. It keeps its sandbox and the trees of edited files from one mining to the next. */

if (parentPort === null) throw new TypeError('The mining thread is started as a worker thread.');
const parent = parentPort;
const { env } = workerData as MiningThreadData;
const trees = new KeptTrees();
const sandbox = new KeptSandbox((choice, signal) => createSandbox({ ...choice, env }, signal));
const going = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();

beNice();
parent.on('message', (message: ToMiningThread) => {
  switch (message.type) {
    case 'mine':
      return begin(message);
    case 'cancel':
      return going.get(message.number)?.stop.abort();
    case 'end':
      return void end();
  }
});

function begin({ number, request, store: port, storePath }: Extract<ToMiningThread, { type: 'mine' }>): void {
  const stop = new AbortController();
  const tell = (message: FromMiningThread) => parent.postMessage(message);
  const parts = { sandbox, trees, port, storePath };
  const ended = runMining(request, { ...parts, tell: (news) => tell({ number, news }) }, stop.signal).then(
    (result) => {
      going.delete(number);
      tell({ number, end: result });
    },
  );
  going.set(number, { stop, ended });
}

/** Lets go of everything; the thread is over once the processes of its sandbox are. */
async function end(): Promise<void> {
  for (const { stop } of going.values()) stop.abort();
  await Promise.all([...going.values()].map(({ ended }) => ended));
  await sandbox.close();
  trees.close();
  // Not `process.exit`: nobody would take note of the end of its processes, and the system would keep an entry of each.
  parent.close();
}

/** Behind the thread that answers, before the programs that run (10). Elsewhere than on Linux this would be the whole process. */
function beNice(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(5);
  } catch {
    // It mines all the same, only not behind the others.
  }
}
