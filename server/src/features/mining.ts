import type { WorkDoneProgressReporter } from 'vscode-languageserver';
import { type MineResult, mineFolder } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { mineEngine } from '../engine/mine-engine.ts';
import type { MineRequest } from '../engine/mining-thread/messages.ts';
import { sandboxChoice } from '../engine/sandbox-choice.ts';
import { readSplitRule } from '../mining/splits/split-rule.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';
import { answer, type Feature, type ServerContext } from './feature.ts';

/** *Mine Workspace*: mines a folder when a person asks for it. */
export const mining: Feature = (context) => {
  const { connection, folders } = context;
  answer(connection, mineFolder, async ({ folder, workDoneToken }, signal): Promise<MineResult> => {
    const engine = folders.engine(folder);
    if (engine === undefined) return { outcome: 'cancelled' };
    const progress = connection.window.attachWorkDoneProgress(workDoneToken);
    return mineWithProgress(engine, context, progress, signal);
  });
  return {};
};

/** Mines one folder and tells how far it is. */
export async function mineWithProgress(
  engine: Engine,
  context: ServerContext,
  progress: WorkDoneProgressReporter,
  signal: AbortSignal,
): Promise<MineResult> {
  const { connection, log, options, miner } = context;
  if (!options.trusted) return { outcome: 'restricted' };
  const request = await mineRequest(engine, null, await context.settings.read(engine.uri), context);
  progress.begin(`Mining ${engine.name}`, undefined, 'starting the sandbox', true);
  try {
    return await mineEngine(
      engine,
      {
        miner,
        request,
        onSandbox: (told) => log.info(`Programs run in ${told}.`),
        onAskingEnd: (detail) => {
          log.warn(`${engine.name} was mined without more calls of a model: ${detail}`);
          connection.window.showWarningMessage(`No more calls of a model: ${detail}`);
        },
        onProgress: ({ filesDone, files, seeds }) =>
          progress.report(`${filesDone} of ${files} files read, ${seeds} examples verified`),
      },
      signal,
    );
  } finally {
    progress.done();
  }
}

/** How a folder is mined, by its settings; only some of its files after an edit, all where null. */
export async function mineRequest(
  { folder }: Engine,
  files: readonly string[] | null,
  read: Settings,
  { env, folders, settings }: ServerContext,
): Promise<MineRequest> {
  return {
    folder,
    files,
    exclude: read['mining.exclude'],
    sources: read['mining.sources'],
    split: readSplitRule(read['mining.split']),
    maxFiles: read['mining.maxFiles'],
    maxFileBytes: read['mining.maxFileKb'] * 1024,
    python: await interpreterOf(read['sandbox.python'], folder),
    env: { ...env },
    sandbox: await sandboxChoice(await settings.read(), folders.all()[0]?.folder),
    model: { 'ollama.host': read['ollama.host'], 'model.name': read['model.name'] },
  };
}
