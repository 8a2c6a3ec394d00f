import * as vscode from 'vscode';
import type { Status } from '../../protocol/status.ts';
import type { Server, ServerListener } from './server.ts';

/** The server over its restarts: starts it, hands it out, tells what it tells. */
export class Session implements vscode.Disposable {
  readonly #status = new vscode.EventEmitter<Status>();
  readonly #tasks = new vscode.EventEmitter<void>();
  readonly #extension: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  #server: Promise<Server> | undefined;
  #restarting: Promise<void> | undefined;
  #restartAgain = false;
  #follow = false;

  readonly onDidChangeStatus = this.#status.event;
  readonly onDidChangeTasks = this.#tasks.event;

  constructor(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#log = log;
  }

  /** The running server, started where none runs. Rejects where it does not start. */
  server(): Promise<Server> {
    this.#server ??= this.#start();
    return this.#server;
  }

  /** Says to this server, and to each after it, whether somebody looks at the tasks. */
  async follow(on: boolean): Promise<void> {
    this.#follow = on;
    await (await this.#server)?.follow(on);
  }

  /** Ends the server and starts another. Restarts asked for meanwhile are one. */
  restart(reason: string): Promise<void> {
    this.#log.info(`Restarting the server: ${reason}.`);
    if (this.#restarting !== undefined) {
      this.#restartAgain = true;
      return this.#restarting;
    }
    this.#restarting = this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async stop(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    this.#server = undefined;
    await server?.stop();
  }

  dispose(): void {
    this.#status.dispose();
    this.#tasks.dispose();
  }

  async #restart(): Promise<void> {
    do {
      this.#restartAgain = false;
      await this.stop();
      await this.server();
    } while (this.#restartAgain);
  }

  async #start(): Promise<Server> {
    this.#status.fire({ state: 'starting', what: vscode.l10n.t('Starting the server') });
    const listener: ServerListener = {
      onStatus: (status) => this.#status.fire(status),
      onTasksChanged: () => this.#tasks.fire(),
    };
    try {
      // Loaded only now: what speaks LSP is most of the extension's code, and activation should not wait for it.
      const { startServer } = await import('./server-process.ts');
      const server = await startServer({ extension: this.#extension, log: this.#log, listener });
      if (this.#follow) await server.follow(true);
      return server;
    } catch (error) {
      this.#server = undefined;
      const detail = error instanceof Error ? error.message : String(error);
      this.#log.error(`The server did not start: ${detail}`);
      this.#status.fire({
        state: 'problem',
        reason: 'failed',
        detail: vscode.l10n.t('The language server did not start. The log says why.'),
      });
      throw error;
    }
  }
}
