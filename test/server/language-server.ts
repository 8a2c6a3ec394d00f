import path from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  type ClientCapabilities,
  createConnection,
  createProtocolConnection,
  type InitializeResult,
  ProposedFeatures,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { z } from 'zod';
import {
  type InitializationOptions,
  type RequestMessage,
  statusNotification,
} from '../../protocol/messages.ts';
import type { Status } from '../../protocol/status.ts';
import { type ServerParts, startServer } from '../../server/src/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface ClientOptions {
  /** Absolute paths of the workspace's folders. */
  readonly folders: readonly string[];
  readonly initialization?: Partial<InitializationOptions>;
  /** What `workspace/configuration` answers for the section `autodidact`, nested. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the server over one where nothing is: no Ollama, no records. */
  readonly env?: Readonly<Record<string, string>>;
  readonly parts: Omit<ServerParts, 'env'>;
}

/** A client on the other end of a server's streams, that keeps what it is told. */
export interface TestClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Where the server keeps its records, as `XDG_DATA_HOME`. */
  readonly dataHome: string;
  /** What the server was sent besides, byte for byte. */
  readonly toServer: PassThrough;
  /** Every status so far, the newest last. */
  readonly statuses: Status[];
  /** What was shown to the person, the newest last. */
  readonly shown: string[];
  /** Documents that were opened, the newest last. */
  readonly opened: string[];
  /** Texts of progress so far. */
  readonly progress: string[];
  ask<Params extends z.ZodType, Result extends z.ZodType>(
    message: RequestMessage<Params, Result>,
    params: z.input<Params>,
  ): Promise<z.output<Result>>;
  /** Waits for a status that meets the condition; gives the ones that came instead where none does. */
  status(condition: (status: Status) => boolean): Promise<Status>;
}

const capabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    codeLens: { refreshSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
  window: { workDoneProgress: true, showDocument: { support: true } },
};

/** Starts the real server on a pair of streams and initialises it. It is shut down when the test ends. */
export async function openServer({
  folders,
  initialization = {},
  settings = {},
  env = {},
  parts,
}: ClientOptions): Promise<TestClient> {
  const dataHome = env['XDG_DATA_HOME'] ?? (await temporaryFolder());
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(
    createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(toServer),
      new StreamMessageWriter(toClient),
    ),
    {
      env: { XDG_DATA_HOME: dataHome, XDG_CACHE_HOME: dataHome, OLLAMA_HOST: 'http://127.0.0.1:9', ...env },
      ...parts,
    },
  );
  const connection = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  // So that what is found does not grow with what can be made up.
  const mining = { sources: ['doctest', 'test', 'code'] };
  const seen = record(connection, { mining, ...settings });
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    workspaceFolders: folders.map((folder) => ({ uri: folderUri(folder), name: path.basename(folder) })),
    initializationOptions: initialization,
  });
  onTestFinished(async () => {
    await connection.sendRequest('shutdown');
    connection.dispose();
  });
  await connection.sendNotification('initialized', {});
  return {
    ...seen,
    connection,
    initialized,
    dataHome,
    toServer,
    ask: ({ method }, params) => connection.sendRequest(method, params),
  };
}

function record(connection: ProtocolConnection, settings: Readonly<Record<string, unknown>>) {
  const statuses: Status[] = [];
  const shown: string[] = [];
  const opened: string[] = [];
  const progress: string[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification(statusNotification.method, (status: Status) => {
    statuses.push(status);
    for (const look of waiting) look();
  });
  connection.onNotification('window/showMessage', ({ message }) => void shown.push(message));
  connection.onRequest('window/showMessageRequest', ({ message }) => void shown.push(message));
  connection.onRequest('window/showDocument', ({ uri }) => {
    opened.push(uri);
    return { success: true };
  });
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onNotification('$/progress', ({ value }) => {
    progress.push(value.title ?? value.message ?? value.kind);
  });
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => settings));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  const status = (condition: (status: Status) => boolean, limitMs = 30_000) =>
    new Promise<Status>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const look = () => {
        const found = statuses.findLast(condition);
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`No such status came; these came: ${JSON.stringify(statuses)}`));
      }, limitMs);
      waiting.add(look);
      look();
    });
  return { statuses, shown, opened, progress, status };
}

export function folderUri(folder: string): string {
  return pathToFileURL(folder).href;
}

export function fileUri(folder: string, file: string): string {
  return pathToFileURL(path.join(folder, file)).href;
}
