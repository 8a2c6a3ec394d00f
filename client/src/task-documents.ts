import * as vscode from 'vscode';
import type { Session } from './session.ts';

export const taskScheme = 'autodidact-task';

/** Where the function of a task stands. */
export interface TaskSource {
  readonly uri: vscode.Uri;
  /** From 0. */
  readonly line: number;
}

/** Tasks as read-only text, under the scheme `autodidact-task`. */
export class TaskDocuments implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #session: Session;
  readonly onDidChange = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    session.onDidChangeTasks(() => {
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === taskScheme) this.#changed.fire(uri);
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const server = await this.#session.server();
    const document = await server.document(uri.toString());
    return document?.text ?? vscode.l10n.t('This task is no longer there.');
  }

  async source(uri: vscode.Uri): Promise<TaskSource | undefined> {
    const server = await this.#session.server();
    const document = await server.document(uri.toString());
    if (document === null) return undefined;
    return { uri: vscode.Uri.parse(document.source.uri), line: document.source.line - 1 };
  }
}

export async function openTask(uri: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  await vscode.window.showTextDocument(document, { preview: true });
}
