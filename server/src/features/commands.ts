import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ErrorCodes, type ExecuteCommandParams, ResponseError } from 'vscode-languageserver';
import { z } from 'zod';
import { type MineResult, type StartResult, serverCommands } from '../../../protocol/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { type Feature, type ServerContext, signalOf } from './feature.ts';
import { mineWithProgress } from './mining.ts';
import { documentText } from './task-document.ts';
import { taskUri } from './task-uri.ts';

const MineArguments = z.tuple([z.string().optional()]).or(z.tuple([]));
const OpenArguments = z.tuple([z.string(), z.string(), z.string()]);

/** What any LSP client can run through `workspace/executeCommand`; what came of it is shown with `window/showMessage`. */
export const commands: Feature = (context) => {
  const { connection } = context;
  const handlers: Readonly<Record<string, (args: readonly unknown[], signal: AbortSignal) => Promise<void>>> =
    {
      [serverCommands.mine]: (args) => mineAll(context, MineArguments.parse(args)[0]),
      [serverCommands.startSelfPlay]: (_args, signal) => start(context, signal),
      [serverCommands.pauseSelfPlay]: () => context.player.pause(),
      [serverCommands.openTasks]: (args) => openFirst(context, ...OpenArguments.parse(args)),
    };
  connection.onExecuteCommand(async ({ command, arguments: args = [] }: ExecuteCommandParams, token) => {
    const handler = handlers[command];
    if (handler === undefined) return new ResponseError(ErrorCodes.MethodNotFound, `No command ${command}.`);
    try {
      await handler(args, signalOf(token));
      return null;
    } catch (error) {
      if (error instanceof z.ZodError) {
        return new ResponseError(ErrorCodes.InvalidParams, z.prettifyError(error));
      }
      throw error;
    }
  });
  return { executeCommandProvider: { commands: Object.values(serverCommands) } };
};

async function mineAll(context: ServerContext, folder: string | undefined): Promise<void> {
  const { connection, folders } = context;
  const engines = folders.all().filter(({ uri }) => folder === undefined || uri === folder);
  for (const engine of engines) {
    const progress = await connection.window.createWorkDoneProgress();
    const signal = AbortSignal.any([context.closing, signalOf(progress.token)]);
    const result = await mineWithProgress(engine, context, progress, signal);
    const { isError, text } = mineText(engine.name, result);
    if (isError) connection.window.showErrorMessage(text);
    else connection.window.showInformationMessage(text);
  }
}

function mineText(name: string, result: MineResult): { readonly isError: boolean; readonly text: string } {
  switch (result.outcome) {
    case 'mined':
      return { isError: false, text: minedText(name, result) };
    case 'cancelled':
      return { isError: false, text: `Mining ${name} was cancelled. What was found is kept.` };
    case 'restricted':
      return { isError: true, text: 'This workspace is not trusted: nothing of it runs. Trust it first.' };
    case 'busy':
      return { isError: true, text: `${name} is being mined or played. Wait, or pause self-play first.` };
    case 'problem':
      return { isError: true, text: result.detail };
  }
}

function minedText(name: string, { files, tasks }: Extract<MineResult, { outcome: 'mined' }>): string {
  return files === 0
    ? `${name}: nothing changed since it was mined. Tasks: ${tasks}.`
    : `${name}: mined. Files read: ${files}, tasks: ${tasks}.`;
}

async function start({ connection, options, player }: ServerContext, signal: AbortSignal): Promise<void> {
  const result = options.trusted
    ? await player.start({ takeOver: false }, signal)
    : ({ outcome: 'restricted' } as const);
  const text = startText(result);
  if (text !== undefined) connection.window.showErrorMessage(text);
}

function startText(result: StartResult): string | undefined {
  switch (result.outcome) {
    case 'started':
    case 'cancelled':
      return undefined;
    case 'restricted':
      return 'This workspace is not trusted: nothing of it runs. Trust it first.';
    case 'busy':
      return 'Mining or self-play goes on already.';
    case 'no-tasks':
      return 'There are no tasks to play. Mine the workspace first.';
    case 'choose-model':
      return `No model is chosen. Set autodidact.model.name to one of: ${result.models.join(', ')}.`;
    case 'other-player':
      return 'Another process plays this folder. Pause it there first.';
    case 'problem':
      return result.detail;
  }
}

/** Opens the first task of a function: as a document of our own where the client has those, else as a file. */
async function openFirst(
  { connection, folders, options }: ServerContext,
  folder: string,
  file: string,
  symbol: string,
): Promise<void> {
  const engine = folders.engine(folder);
  const [task] = engine?.index.tasksOf(file, symbol) ?? [];
  if (engine === undefined || task === undefined) {
    connection.window.showErrorMessage(`${symbol} has no tasks any more.`);
    return;
  }
  const uri = options.taskDocuments ? taskUri(engine.uri, task) : await writeTaskFile(engine, task.id);
  if (uri !== undefined) await connection.window.showDocument({ uri, takeFocus: true });
}

/** Writes a task's document beside the store; never into the workspace. */
async function writeTaskFile(engine: Engine, id: string): Promise<string | undefined> {
  const text = await documentText(engine, id);
  if (text === undefined) return undefined;
  const { path: database } = await engine.store();
  const folder = path.join(path.dirname(database), 'tasks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${id}.task`);
  await writeFile(file, text, { mode: 0o600 });
  return pathToFileURL(file).href;
}
