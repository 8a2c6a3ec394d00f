import * as vscode from 'vscode';
import type { MineResult } from '../../protocol/messages.ts';
import { commands, editorCommands } from './commands.ts';
import type { Session } from './session.ts';
import { tell, tellBusy, tellProblem, tellRestricted } from './tell.ts';

/** *Mine Workspace*: asks which folder where there are several, then mines with progress that can be cancelled. */
export async function mineWorkspace(session: Session): Promise<void> {
  if (!vscode.workspace.isTrusted) return tellRestricted();
  for (const folder of await foldersToMine()) {
    const result = await mine(session, folder);
    await tellResult(folder, result);
    if (result.outcome !== 'mined') return;
  }
}

async function foldersToMine(): Promise<readonly vscode.WorkspaceFolder[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) {
    await tell('information', vscode.l10n.t('There is no folder to mine. Open one with Python code.'), {
      title: vscode.l10n.t('Open Folder'),
      command: editorCommands.openFolder,
    });
    return [];
  }
  if (folders.length === 1) return folders;
  const chosen = await vscode.window.showQuickPick(
    folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    {
      canPickMany: true,
      placeHolder: vscode.l10n.t('Folders to mine: their functions run in a sandbox'),
    },
  );
  return chosen?.map(({ folder }) => folder) ?? [];
}

function mine(session: Session, folder: vscode.WorkspaceFolder): Thenable<MineResult> {
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Mining {0}', folder.name),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const server = await session.server();
    return server.mine(folder.uri.toString(), (message) => progress.report({ message }), token);
  });
}

async function tellResult(folder: vscode.WorkspaceFolder, result: MineResult): Promise<void> {
  switch (result.outcome) {
    case 'mined':
      // Not awaited: the next folder need not wait until this is read.
      void tellMined(folder.name, result);
      return;
    case 'cancelled':
      return;
    case 'restricted':
      return tellRestricted();
    case 'busy':
      return tellBusy();
    case 'problem':
      return tellProblem(result);
  }
}

function tellMined(name: string, { files, tasks }: Extract<MineResult, { outcome: 'mined' }>): Promise<void> {
  const { t } = vscode.l10n;
  if (tasks === 0) {
    return tell('information', t('None of the functions in {0} runs by itself with a known call.', name), {
      title: t('Show Log'),
      command: commands.showLog,
    });
  }
  const text =
    files === 0
      ? t('{0}: nothing changed since it was mined. Tasks: {1}.', name, tasks)
      : t('{0}: mined. Files read: {1}, tasks: {2}.', name, files, tasks);
  return tell('information', text, { title: t('Show Tasks'), command: editorCommands.showTasks });
}
