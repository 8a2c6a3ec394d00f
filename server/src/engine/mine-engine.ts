import type { MineResult } from '../../../protocol/messages.ts';
import { askingEnd } from '../mining/mine-event.ts';
import { type PrepareOptions, prepare } from '../selfplay/prepare.ts';
import type { Activity, Engine } from './engine.ts';
import type { SharedSandbox } from './shared-sandbox.ts';

export interface MineParts {
  readonly sandbox: SharedSandbox;
  readonly bounds: Pick<
    PrepareOptions,
    | 'exclude'
    | 'sources'
    | 'split'
    | 'files'
    | 'maxFiles'
    | 'maxFileBytes'
    | 'recording'
    | 'trees'
    | 'proposer'
  >;
  readonly onProgress: (progress: Mining) => void;
  /** Told once where the model is asked for no more calls: what happened and what to do. */
  readonly onAskingEnd?: (detail: string) => void;
}

type Mining = Extract<Activity, { type: 'mining' }>;

/** Mines an engine's folder; that a person asked for it is the consent that is remembered. Never rejects. */
export async function mineEngine(engine: Engine, parts: MineParts, signal: AbortSignal): Promise<MineResult> {
  await engine.ready();
  if (engine.busy) return { outcome: 'busy' };
  const stop = AbortSignal.any([signal, engine.closing]);
  const started: Mining = { type: 'mining', filesDone: 0, files: 0, seeds: 0 };
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
  { sandbox, bounds, onProgress, onAskingEnd }: MineParts,
  started: Mining,
  signal: AbortSignal,
): Promise<MineResult> {
  let at = started;
  const advance = (change: Partial<Mining>) => {
    at = { ...at, ...change };
    engine.become(at);
    onProgress(at);
  };
  const store = await engine.store();
  const prepared = await sandbox.use(
    (running) =>
      prepare(
        { folder: engine.folder, ...bounds },
        {
          store,
          sandbox: running,
          onEvent: (event) => {
            if (event.type === 'found') advance({ files: event.files });
            if (event.type === 'file') advance({ filesDone: at.filesDone + 1 });
            const end = askingEnd(event);
            if (end !== undefined) onAskingEnd?.(end);
            if (event.type === 'seed') advance({ seeds: at.seeds + 1 });
          },
        },
        signal,
      ),
    signal,
  );
  await engine.countSeeds();
  // No file is read either where none changed since the folder was last mined.
  if (prepared.files > 0 || prepared.tasks > 0) {
    engine.become({ type: 'none' });
    return { outcome: 'mined', files: prepared.files, seeds: prepared.seeds, tasks: prepared.tasks };
  }
  const problem = {
    reason: 'no-python-files',
    detail: `${engine.name} has no Python files. Open a folder with Python code.`,
  } as const;
  engine.become({ type: 'problem', ...problem });
  return { outcome: 'problem', ...problem };
}
