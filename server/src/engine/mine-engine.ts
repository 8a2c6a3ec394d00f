import type { MineResult } from '../../../protocol/messages.ts';
import type { Engine, MiningActivity } from './engine.ts';
import type { MineNews, MineRequest } from './mining-thread/messages.ts';
import type { Miner } from './mining-thread/miner.ts';

export interface MineParts {
  readonly miner: Miner;
  readonly request: MineRequest;
  readonly onProgress: (progress: MiningActivity) => void;
  /** Told once a sandbox is open: what programs run in, and why. */
  readonly onSandbox: (told: string) => void;
  /** Told once where the model is asked for no more calls: what happened and what to do. */
  readonly onAskingEnd?: (detail: string) => void;
}

/** Mines an engine's folder; that a person asked for it is the consent that is remembered. Never rejects. */
export async function mineEngine(engine: Engine, parts: MineParts, signal: AbortSignal): Promise<MineResult> {
  await engine.ready();
  if (engine.busy) return { outcome: 'busy' };
  const stop = AbortSignal.any([signal, engine.closing]);
  const started: MiningActivity = { type: 'mining', filesDone: 0, files: 0, seeds: 0, sandbox: '' };
  return engine.occupy(started, async () => {
    try {
      await engine.giveConsent();
      return await mined(engine, parts, started, stop);
    } catch (error) {
      if (!stop.aborted) return { outcome: 'problem', ...engine.fail(error) };
      engine.become({ type: 'none' });
      return { outcome: 'cancelled' };
    }
  });
}

async function mined(
  engine: Engine,
  { miner, request, onProgress, onSandbox, onAskingEnd }: MineParts,
  started: MiningActivity,
  signal: AbortSignal,
): Promise<MineResult> {
  let at = started;
  const advance = (change: Partial<MiningActivity>) => {
    at = { ...at, ...change };
    engine.become(at);
  };
  const onNews = (news: MineNews) => {
    switch (news.type) {
      case 'progress': {
        const { files, filesDone, seeds } = news;
        advance({ files, filesDone, seeds });
        return onProgress(at);
      }
      case 'sandbox':
        advance({ sandbox: news.told });
        return onSandbox(news.told);
      case 'asking-end':
        return onAskingEnd?.(news.detail);
      case 'listed':
        return engine.noteWritten((index) => index.list(news.tasks));
      case 'state':
        return engine.noteWritten((index) => index.setState(news.ids, news.state));
    }
  };
  const ended = await miner.mine(request, { store: await engine.store(), onNews }, signal);
  if (ended.outcome === 'failed') {
    return { outcome: 'problem', ...engine.showProblem(ended.problem, ended.text) };
  }
  if (ended.outcome === 'cancelled') {
    engine.become({ type: 'none' });
    return ended;
  }
  const { files, seeds, tasks } = ended.prepared;
  await engine.countSeeds();
  // No file is read either where none changed since the folder was last mined.
  if (files > 0 || tasks > 0) {
    engine.become({ type: 'none' });
    return { outcome: 'mined', files, seeds, tasks };
  }
  const problem = {
    reason: 'no-python-files',
    detail: `${engine.name} has no Python files. Open a folder with Python code.`,
  } as const;
  engine.become({ type: 'problem', ...problem });
  return { outcome: 'problem', ...problem };
}
