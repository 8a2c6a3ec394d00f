import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import type { Engine } from '../engine/engine.ts';
import { mineEngine } from '../engine/mine-engine.ts';
import { isCodeFile } from '../mining/files/code-file.ts';
import type { Feature, ServerContext } from './feature.ts';
import { mineRequest } from './mining.ts';

/** Saved files are mined together once nothing was saved for so long, milliseconds. */
const quietMs = 1_000;
/** How long a folder that is mined or played is left alone before it is tried again, milliseconds. */
const busyMs = 5_000;
/** More files than this at once, such as by checking out another branch, are mined only when a person says so. */
const askAbove = 200;

/**
 * Mines again what was saved, in folders that a person had mined before: the functions of the files that changed, and those that
 * these call. What came from code that is gone becomes stale.
 */
export const liveMining: Feature = (context) => {
  const { connection, documents, client, folders, closing } = context;
  const waiting = new Map<Engine, Waiting>();
  const note = (uri: string) => {
    for (const { engine, file } of folders.holding(uri)) {
      if (!engine.consent || !isCodeFile(file)) continue;
      const its = waiting.get(engine) ?? { files: new Set<string>(), timer: undefined };
      waiting.set(engine, its);
      its.files.add(file);
      start(engine, its, quietMs);
    }
  };
  const start = (engine: Engine, its: Waiting, afterMs: number) => {
    clearTimeout(its.timer);
    its.timer = setTimeout(() => void mine(engine, its), afterMs);
    its.timer.unref();
  };
  const mine = async (engine: Engine, its: Waiting) => {
    if (closing.aborted || engine.closing.aborted) return;
    // What goes on ends by itself, or by a person; the files wait for it.
    if (engine.busy) return start(engine, its, busyMs);
    waiting.delete(engine);
    await mineFiles(engine, [...its.files], context);
  };
  documents.onDidSave(({ document }) => note(document.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) note(uri);
  });
  if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
    context.on('ready', () => {
      const watchers = [{ globPattern: '**/*.{py,ipynb}' }];
      connection.client
        .register(DidChangeWatchedFilesNotification.type, { watchers })
        .catch(() => context.log.warn('Changes of files from outside of the editor are not seen.'));
    });
  }
  closing.addEventListener('abort', () => {
    for (const { timer } of waiting.values()) clearTimeout(timer);
  });
  return {};
};

interface Waiting {
  readonly files: Set<string>;
  timer: NodeJS.Timeout | undefined;
}

async function mineFiles(engine: Engine, files: readonly string[], context: ServerContext): Promise<void> {
  const { options, settings, miner, connection, closing, log } = context;
  if (!options.trusted) return;
  const read = await settings.read(engine.uri);
  if (!read['mining.onSave']) return;
  if (files.length > askAbove) {
    const mine = { title: 'Mine' };
    const question = `${files.length} Python files of ${engine.name} changed. Mine them again?`;
    const answer = await connection.window.showInformationMessage(question, mine, { title: 'Not Now' });
    if (answer?.title !== mine.title || engine.busy) return;
  }
  const request = await mineRequest(engine, files, read, context);
  const nothing = () => undefined;
  const parts = { miner, request, onProgress: nothing, onSandbox: nothing };
  const result = await mineEngine(engine, parts, closing);
  if (result.outcome === 'problem') log.warn(`${engine.name}: saved files were not mined: ${result.detail}`);
}
