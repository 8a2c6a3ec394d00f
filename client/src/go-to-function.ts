import * as vscode from 'vscode';
import type { TreeRow } from '../../protocol/tree.ts';
import { type TaskDocuments, type TaskSource, taskScheme } from './task-documents.ts';

/** Opens the function that a row of the tree, or a task document, is about. */
export async function goToFunction(documents: TaskDocuments, target: unknown): Promise<void> {
  const source = await sourceOf(documents, target);
  if (source === undefined) return;
  const position = new vscode.Position(source.line, 0);
  await vscode.window.showTextDocument(source.uri, { selection: new vscode.Range(position, position) });
}

async function sourceOf(documents: TaskDocuments, target: unknown): Promise<TaskSource | undefined> {
  if (target instanceof vscode.Uri) return documents.source(target);
  if (isRow(target)) {
    if (target.type === 'task') return documents.source(vscode.Uri.parse(target.task.document));
    if (target.type !== 'function') return undefined;
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(target.folder), target.file);
    return { uri, line: target.line - 1 };
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  return active?.scheme === taskScheme ? documents.source(active) : undefined;
}

/** The editor hands a command of the tree the row that it got from us. */
function isRow(target: unknown): target is TreeRow {
  return typeof target === 'object' && target !== null && 'type' in target;
}
