import type { MessagePort } from 'node:worker_threads';
import type { KeptTrees } from '../../mining/kept-trees.ts';
import { askingEnd } from '../../mining/mine-event.ts';
import { tellSandbox } from '../../sandbox/sandbox.ts';
import { type Prepared, prepare } from '../../selfplay/prepare.ts';
import { storeAtPort } from '../../store/worker-client.ts';
import { indexedStore } from '../indexed-store.ts';
import { errorText, problemOf } from '../problem-of.ts';
import { proposingModel } from '../proposing-model.ts';
import { listed } from '../task-index.ts';
import { throttle } from '../throttle.ts';
import type { KeptSandbox } from './kept-sandbox.ts';
import { type MineEnd, type MineNews, type MineProgress, MineRequest } from './messages.ts';

/** Progress is told at most so often, milliseconds: whoever listens has others to answer. */
const everyMs = 200;

/** What one mining in the thread is made of. */
export interface MiningParts {
  readonly sandbox: KeptSandbox;
  /** Of the files that were edited last. */
  readonly trees: KeptTrees;
  /** Where the folder's store answers, and its path. Closed at the end. */
  readonly port: MessagePort;
  readonly storePath: string;
  readonly tell: (news: MineNews) => void;
}

/** Runs one mining, from what the thread was sent. Never rejects. */
export async function runMining(request: unknown, parts: MiningParts, signal: AbortSignal): Promise<MineEnd> {
  try {
    return { outcome: 'mined', prepared: await mined(MineRequest.parse(request), parts, signal) };
  } catch (error) {
    if (signal.aborted) return { outcome: 'cancelled' };
    return { outcome: 'failed', problem: problemOf(error), text: errorText(error) };
  } finally {
    parts.port.close();
  }
}

async function mined(
  { files, sandbox: choice, python, env, model, ...bounds }: MineRequest,
  { sandbox, trees, port, storePath, tell }: MiningParts,
  signal: AbortSignal,
): Promise<Prepared> {
  const { proposer, close } = proposingModel(model, env);
  const edit = files === null ? {} : { files, trees };
  const options = { ...bounds, ...edit, recording: { python, env }, proposer };
  let progress: MineProgress = { files: 0, filesDone: 0, seeds: 0 };
  const reports = throttle(everyMs, () => tell({ type: 'progress', ...progress }));
  const advance = (change: Partial<MineProgress>) => {
    progress = { ...progress, ...change };
    reports.call();
  };
  const index = {
    put: (tasks) => tell({ type: 'listed', tasks: tasks.map(listed) }),
    setState: (ids, state) => tell({ type: 'state', ids, state }),
    attempted: () => undefined,
  } satisfies Parameters<typeof indexedStore>[1];
  try {
    const store = indexedStore(await storeAtPort(port, storePath), index, () => undefined);
    return await sandbox.use(
      choice,
      (running) => {
        tell({ type: 'sandbox', told: tellSandbox(running) });
        const onEvent: Parameters<typeof prepare>[1]['onEvent'] = (event) => {
          if (event.type === 'found') advance({ files: event.files });
          if (event.type === 'file') advance({ filesDone: progress.filesDone + 1 });
          if (event.type === 'seed') advance({ seeds: progress.seeds + 1 });
          const end = askingEnd(event);
          if (end !== undefined) tell({ type: 'asking-end', detail: end });
        };
        return prepare(options, { store, sandbox: running, onEvent }, signal);
      },
      signal,
    );
  } finally {
    reports.cancel();
    await close();
  }
}
