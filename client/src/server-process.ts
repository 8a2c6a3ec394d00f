import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
  TransportKind,
  WorkDoneProgress,
} from 'vscode-languageclient/node';
import type { z } from 'zod';
import {
  type InitializationOptions,
  mineFolder,
  modelsList,
  playPause,
  playStart,
  type RequestMessage,
  serverCommands,
  statusNotification,
  taskDocument,
  tasksChanged,
  tasksFollow,
  tasksOfFunction,
  tasksReload,
  tasksTree,
} from '../../protocol/messages.ts';
import type { Status } from '../../protocol/status.ts';
import { commands } from './commands.ts';
import type { Server, ServerListener } from './server.ts';

export interface ServerProcessOptions {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly listener: ServerListener;
}

/** A server that ends more often than this within the time is not started again by itself. */
const restarts = { most: 3, withinMs: 180_000 } as const;

/** Starts the server in a process of its own, run by the editor's own Node. Rejects where it does not start. */
export async function startServer({ extension, log, listener }: ServerProcessOptions): Promise<Server> {
  const options: LanguageClientOptions = {
    documentSelector: [{ language: 'python', scheme: 'file' }],
    outputChannel: log,
    initializationOptions: {
      trusted: vscode.workspace.isTrusted,
      taskDocuments: true,
    } satisfies InitializationOptions,
    initializationFailedHandler: () => false,
    errorHandler: errorHandler(listener),
    middleware: {
      provideCodeLenses: async (document, token, next) => {
        const lenses = await next(document, token);
        return lenses?.map(withClientCommand);
      },
    },
  };
  const client = new LanguageClient('autodidact', 'Autodidact', serverOptions(extension), options);
  client.onNotification(statusNotification.method, (status: Status) => listener.onStatus(status));
  client.onNotification(tasksChanged.method, () => listener.onTasksChanged());
  await client.start();
  return serverOf(client);
}

function serverOptions(extension: vscode.ExtensionContext): ServerOptions {
  const module = extension.asAbsolutePath('dist/server.mjs');
  return {
    run: { module, transport: TransportKind.ipc },
    debug: {
      module,
      transport: TransportKind.ipc,
      options: { execArgv: ['--inspect=6009', '--enable-source-maps'] },
    },
  };
}

function serverOf(client: LanguageClient): Server {
  const ask = <Params extends z.ZodType, Result extends z.ZodType>(
    { method }: RequestMessage<Params, Result>,
    params: z.input<Params>,
    token?: vscode.CancellationToken,
  ): Promise<z.output<Result>> =>
    // An undefined token would be sent as a second parameter.
    token === undefined ? client.sendRequest(method, params) : client.sendRequest(method, params, token);
  let mined = 0;
  return {
    tree: (parent) => ask(tasksTree, { parent }),
    tasksOfFunction: (folder, file, symbol) => ask(tasksOfFunction, { folder, file, symbol }),
    reload: async () => {
      await ask(tasksReload, {});
    },
    follow: async (follow) => {
      await ask(tasksFollow, { follow });
    },
    document: (uri) => ask(taskDocument, { uri }),
    mine: async (folder, onProgress, token) => {
      mined += 1;
      const workDoneToken = `autodidact-mine-${mined}`;
      const progress = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== 'end' && value.message !== undefined) onProgress(value.message);
      });
      try {
        return await ask(mineFolder, { folder, workDoneToken }, token);
      } finally {
        progress.dispose();
      }
    },
    start: ({ takeOver }, token) => ask(playStart, { takeOver }, token),
    pause: async () => {
      await ask(playPause, {});
    },
    models: (token) => ask(modelsList, {}, token),
    stop: async () => {
      if (client.state !== State.Stopped) await client.dispose();
    },
  };
}

/** In this editor a lens opens a list to choose from; what other editors run opens the first task. */
function withClientCommand(lens: vscode.CodeLens): vscode.CodeLens {
  if (lens.command?.command !== serverCommands.openTasks) return lens;
  return new vscode.CodeLens(lens.range, { ...lens.command, command: commands.showFunctionTasks });
}

/** A server that went away is started again quietly, until it goes away too often; then the status says so. */
function errorHandler(listener: ServerListener): ErrorHandler {
  const ended: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: (): CloseHandlerResult => {
      const now = Date.now();
      ended.push(now);
      while ((ended[0] ?? now) < now - restarts.withinMs) ended.shift();
      if (ended.length <= restarts.most) return { action: CloseAction.Restart, handled: true };
      listener.onStatus({
        state: 'problem',
        reason: 'failed',
        detail: vscode.l10n.t(
          'The language server ended {0} times. The log says why; restart it from there.',
          ended.length,
        ),
      });
      return { action: CloseAction.DoNotRestart, handled: true };
    },
  };
}
