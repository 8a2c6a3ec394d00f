import {
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type ServerCapabilities,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { InitializationOptions } from '../../protocol/messages.ts';
import { Folders } from './engine/folders.ts';
import type { Miner } from './engine/mining-thread/miner.ts';
import { Player } from './engine/player.ts';
import { type SandboxChoice, sandboxChoice } from './engine/sandbox-choice.ts';
import { sharedSandbox } from './engine/shared-sandbox.ts';
import { codeLens } from './features/code-lens.ts';
import { commands } from './features/commands.ts';
import type { Feature, ServerContext, ServerEvent } from './features/feature.ts';
import { liveMining } from './features/live-mining.ts';
import { mining } from './features/mining.ts';
import { playing } from './features/playing.ts';
import { settingsReader } from './features/settings-reader.ts';
import { status } from './features/status.ts';
import { taskDocuments } from './features/task-document.ts';
import { taskTree } from './features/task-tree.ts';
import { type Sandbox, tellSandbox } from './sandbox/sandbox.ts';

/** Everything that the server can do. A new feature is one file and one line here. */
const features: readonly Feature[] = [
  status,
  taskTree,
  taskDocuments,
  codeLens,
  mining,
  liveMining,
  playing,
  commands,
];

export interface ServerParts {
  /** Where the stores and Ollama are: `XDG_DATA_HOME`, `OLLAMA_HOST`, `PATH` and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts the sandbox that a person chose, for self-play; called when something is to be run, not before. */
  readonly createSandbox: (choice: SandboxChoice, signal: AbortSignal) => Promise<Sandbox>;
  /** Mines, in a thread and a sandbox of its own. Closed at shutdown. */
  readonly miner: Miner;
}

/**
 * The language server on a connection, which it begins to listen to. It starts by reading the stores of the workspace's
 * folders, and runs nothing before a person asks for it.
 */
export function startServer(connection: Connection, parts: ServerParts): void {
  const documents = new TextDocuments(TextDocument);
  const closing = new AbortController();
  let context: ServerContext | undefined;

  connection.onInitialize((params) => {
    const created = createContext(params, parts, { connection, documents, closing: closing.signal });
    context = created;
    created.folders.add(params.workspaceFolders ?? []);
    const capabilities: ServerCapabilities = {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    for (const feature of features) Object.assign(capabilities, feature(created));
    return { capabilities, serverInfo: { name: 'autodidact' } };
  });

  connection.onInitialized(async () => {
    if (context === undefined) return;
    const { client, folders, log } = context;
    if (client.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        await folders.remove(removed.map(({ uri }) => uri));
        await Promise.all(folders.add(added).map((engine) => engine.read()));
      });
    }
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'autodidact' });
    }
    await Promise.all(folders.all().map((engine) => engine.read()));
    context.tell('ready');
    log.info(`Ready: ${folders.all().length} folders.`);
  });

  connection.onShutdown(async () => {
    closing.abort();
    await context?.player.pause();
    await context?.folders.remove(context.folders.all().map(({ uri }) => uri));
    await parts.miner.close();
  });

  documents.listen(connection);
  connection.listen();
}

function createContext(
  params: InitializeParams,
  { env, createSandbox, miner }: ServerParts,
  outside: Pick<ServerContext, 'connection' | 'documents' | 'closing'>,
): ServerContext {
  const { connection } = outside;
  const client = params.capabilities;
  const options = InitializationOptions.catch({ trusted: false, taskDocuments: false }).parse(
    params.initializationOptions ?? {},
  );
  const log = connection.console;
  const listeners: Record<ServerEvent, (() => void)[]> = { ready: [], tasks: [], activity: [], settings: [] };
  const tell = (event: ServerEvent) => {
    for (const listener of listeners[event]) listener();
  };
  const settings = settingsReader(connection, client, log);
  connection.onDidChangeConfiguration((change) => {
    settings.push(change.settings);
    tell('settings');
  });
  const folders = new Folders({ env, log, onChange: tell });
  const sandbox = sharedSandbox(async (signal) => {
    const choice = await sandboxChoice(await settings.read(), folders.all()[0]?.folder);
    const started = await createSandbox(choice, signal);
    log.info(`Programs run in ${tellSandbox(started)}.`);
    return started;
  });
  const player = new Player({
    env,
    engines: () => folders.all(),
    sandbox,
    settings: () => settings.read(),
    log,
    onChange: () => tell('activity'),
  });
  const on: ServerContext['on'] = (event, listener) => listeners[event].push(listener);
  return { ...outside, env, client, options, folders, player, miner, settings, log, on, tell };
}
