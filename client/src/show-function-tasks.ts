import * as vscode from 'vscode';
import type { Session } from './session.ts';
import { openTask } from './task-documents.ts';
import { kindQuestion, recordText } from './task-tree.ts';

/** Opens the task of a function; where it has several, the one that a person chooses. */
export async function showFunctionTasks(
  session: Session,
  folder: string,
  file: string,
  symbol: string,
): Promise<void> {
  const server = await session.server();
  const tasks = await server.tasksOfFunction(folder, file, symbol);
  const [first] = tasks;
  if (first === undefined) return;
  if (tasks.length === 1) return openTask(first.document);
  const chosen = await vscode.window.showQuickPick(
    tasks.map((task) => ({
      label: task.question,
      description: recordText(task),
      detail: kindQuestion(task.kind),
      document: task.document,
    })),
    { placeHolder: vscode.l10n.t('Tasks about {0}', symbol), matchOnDetail: true },
  );
  if (chosen !== undefined) await openTask(chosen.document);
}
