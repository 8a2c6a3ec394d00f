import type * as vscode from 'vscode';
import type { MineResult, ModelsResult, StartResult, TaskDocumentResult } from '../../protocol/messages.ts';
import type { Status } from '../../protocol/status.ts';
import type { TaskSummary, TreeParent, TreeRow } from '../../protocol/tree.ts';

/** The language server as the rest of the extension sees it. Each call rejects when the server goes away meanwhile. */
export interface Server {
  tree(parent: TreeParent | null): Promise<TreeRow[]>;
  tasksOfFunction(folder: string, file: string, symbol: string): Promise<TaskSummary[]>;
  reload(): Promise<void>;
  /** Whether somebody looks at the tasks: while so, what other processes write is read. */
  follow(on: boolean): Promise<void>;
  document(uri: string): Promise<TaskDocumentResult>;
  mine(
    folder: string,
    onProgress: (text: string) => void,
    token: vscode.CancellationToken,
  ): Promise<MineResult>;
  start(options: { readonly takeOver: boolean }, token: vscode.CancellationToken): Promise<StartResult>;
  pause(): Promise<void>;
  models(token: vscode.CancellationToken): Promise<ModelsResult>;
  stop(): Promise<void>;
}

/** What a server tells without being asked. */
export interface ServerListener {
  onStatus(status: Status): void;
  onTasksChanged(): void;
}
