import * as vscode from 'vscode';
import { chooseModel } from './choose-model.ts';
import { commands } from './commands.ts';
import { goToFunction } from './go-to-function.ts';
import { mineWorkspace } from './mine-workspace.ts';
import { registerCommand } from './register-command.ts';
import { pauseSelfPlay, startSelfPlay } from './self-play.ts';
import { Session } from './session.ts';
import { showFunctionTasks } from './show-function-tasks.ts';
import { StatusItem } from './status-item.ts';
import { openTask, TaskDocuments, taskScheme } from './task-documents.ts';
import { TaskTree, tasksView } from './task-tree.ts';

const ollamaPage = 'https://ollama.com/download';

let session: Session | undefined;

/** Registers everything that a person can see at once; the server starts afterwards. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Autodidact', { log: true });
  const opened = new Session(context, log);
  session = opened;
  const status = new StatusItem();
  const documents = new TaskDocuments(opened);
  const handlers: Record<string, (...args: never[]) => unknown> = {
    [commands.mineWorkspace]: () => mineWorkspace(opened),
    [commands.startSelfPlay]: (options?: { readonly takeOver?: boolean }) =>
      startSelfPlay(opened, options?.takeOver === true),
    [commands.pauseSelfPlay]: () => pauseSelfPlay(opened),
    [commands.chooseModel]: () => chooseModel(opened),
    [commands.refreshTasks]: async () => (await opened.server()).reload(),
    [commands.restartServer]: () => opened.restart('a person asked for it'),
    [commands.showLog]: () => log.show(),
    [commands.getOllama]: () => vscode.env.openExternal(vscode.Uri.parse(ollamaPage)),
    [commands.openTask]: (uri: string) => openTask(uri),
    [commands.showFunctionTasks]: (folder: string, file: string, symbol: string) =>
      showFunctionTasks(opened, folder, file, symbol),
    [commands.goToFunction]: (target: unknown) => goToFunction(documents, target),
  };
  const tree = vscode.window.createTreeView(tasksView, {
    treeDataProvider: new TaskTree(opened),
    showCollapseAll: true,
  });
  // A server that does not start is told of elsewhere.
  const follow = () => void opened.follow(tree.visible).catch(() => undefined);
  context.subscriptions.push(
    log,
    opened,
    status,
    opened.onDidChangeStatus((now) => status.draw(now)),
    tree,
    tree.onDidChangeVisibility(follow),
    vscode.workspace.registerTextDocumentContentProvider(taskScheme, documents),
    ...Object.entries(handlers).map(([id, handler]) => registerCommand(id, handler, log)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void opened.restart('the workspace is trusted now')),
  );
  follow();
  // A failure is in the log and in the status already.
  setImmediate(() => void opened.server().catch(() => undefined));
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
