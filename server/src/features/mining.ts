import type { WorkDoneProgressReporter } from 'vscode-languageserver';
import { type MineResult, mineFolder } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { type MineParts, mineEngine } from '../engine/mine-engine.ts';
import { proposingModel } from '../engine/proposing-model.ts';
import { throttle } from '../engine/throttle.ts';
import { readSplitRule } from '../mining/splits/split-rule.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';
import { answer, type Feature, type ServerContext } from './feature.ts';

const everyMs = 200;

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
  { connection, env, log, options, settings, sandbox }: ServerContext,
  progress: WorkDoneProgressReporter,
  signal: AbortSignal,
): Promise<MineResult> {
  if (!options.trusted) return { outcome: 'restricted' };
  const read = await settings.read(engine.uri);
  const bounds = await miningBounds(read, engine.folder, env);
  const model = proposingModel(read, env);
  let text = '';
  progress.begin(`Mining ${engine.name}`, undefined, 'starting the sandbox', true);
  const reports = throttle(everyMs, () => progress.report(text));
  try {
    return await mineEngine(
      engine,
      {
        sandbox,
        bounds: { ...bounds, proposer: model.proposer },
        onAskingEnd: (detail) => {
          log.warn(`${engine.name} was mined without more calls of a model: ${detail}`);
          connection.window.showWarningMessage(`No more calls of a model: ${detail}`);
        },
        onProgress: ({ filesDone, files, seeds }) => {
          text = `${filesDone} of ${files} files read, ${seeds} examples verified`;
          reports.call();
        },
      },
      signal,
    );
  } finally {
    reports.cancel();
    progress.done();
    await model.close();
  }
}

/** How a folder is mined, by its settings. */
export async function miningBounds(
  read: Settings,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<MineParts['bounds']> {
  return {
    recording: { python: await interpreterOf(read['sandbox.python'], folder), env },
    exclude: read['mining.exclude'],
    sources: read['mining.sources'],
    split: readSplitRule(read['mining.split']),
    maxFiles: read['mining.maxFiles'],
    maxFileBytes: read['mining.maxFileKb'] * 1024,
  };
}
