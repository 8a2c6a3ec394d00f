import * as vscode from 'vscode';
import type { Kind } from '../../protocol/kind.ts';
import type { ModelRecord, TaskSummary, TreeRow } from '../../protocol/tree.ts';
import { commands } from './commands.ts';
import type { Session } from './session.ts';

export const tasksView = 'autodidact.tasks';

/** The tasks by file, function and kind. The rows are the server's; here they get their looks. */
export class TaskTree implements vscode.TreeDataProvider<TreeRow> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #session: Session;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    session.onDidChangeTasks(() => this.#changed.fire(undefined));
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row?.type === 'task') return [];
    const server = await this.#session.server();
    return server.tree(row ?? null);
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    if (row.type === 'task') return taskItem(row.task);
    const item = new vscode.TreeItem(label(row), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = rowId(row);
    item.contextValue = row.type;
    item.description = [row.type === 'file' ? directory(row.file) : '', countsText(row.tasks, row.record)]
      .filter((part) => part !== '')
      .join(' · ');
    if (row.type === 'kind') item.tooltip = kindQuestion(row.kind);
    item.accessibilityInformation = { label: `${label(row)}, ${countsText(row.tasks, row.record)}` };
    if (row.type === 'file') {
      item.resourceUri = vscode.Uri.joinPath(vscode.Uri.parse(row.folder), row.file);
      item.iconPath = vscode.ThemeIcon.File;
      item.tooltip = row.file;
    } else {
      item.iconPath = new vscode.ThemeIcon(row.type === 'folder' ? 'root-folder' : rowIcon(row));
    }
    return item;
  }
}

function taskItem(task: TaskSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(task.question);
  item.id = `${task.folder}|${task.id}`;
  item.contextValue = 'task';
  item.iconPath = new vscode.ThemeIcon(taskIcon(task));
  // A task that was not asked yet has room for its question instead.
  if (task.record.attempts > 0 || task.state === 'stale' || task.isHeldOut)
    item.description = recordText(task);
  item.tooltip = `${task.question}\n${recordText(task)}`;
  item.accessibilityInformation = { label: `${kindName(task.kind)}: ${task.question}, ${recordText(task)}` };
  item.command = {
    title: vscode.l10n.t('Open Task'),
    command: commands.openTask,
    arguments: [task.document],
  };
  return item;
}

type ParentRow = Exclude<TreeRow, { type: 'task' }>;

function label(row: ParentRow): string {
  switch (row.type) {
    case 'folder':
      return row.name;
    case 'file':
      return row.file.slice(row.file.lastIndexOf('/') + 1);
    case 'function':
      return row.symbol;
    case 'kind':
      return kindName(row.kind);
  }
}

/** Each row's own: the editor keeps what is expanded by it. */
function rowId(row: ParentRow): string {
  const parts: (string | undefined)[] = [row.type, row.folder];
  if (row.type !== 'folder') parts.push(row.file);
  if (row.type === 'function' || row.type === 'kind') parts.push(row.symbol);
  if (row.type === 'kind') parts.push(row.kind);
  return parts.join('|');
}

function rowIcon(row: ParentRow): string {
  if (row.type !== 'kind') return 'symbol-function';
  return kindIcons[row.kind];
}

const kindIcons: Readonly<Record<Kind, string>> = {
  deduction: 'arrow-right',
  abduction: 'arrow-left',
  induction: 'lightbulb',
  explain: 'comment',
};

function kindName(kind: Kind): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'deduction':
      return t('Deduction');
    case 'abduction':
      return t('Abduction');
    case 'induction':
      return t('Induction');
    case 'explain':
      return t('Explain');
  }
}

/** What a kind asks, in a few words. */
export function kindQuestion(kind: Kind): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'deduction':
      return t('Deduction: what comes out?');
    case 'abduction':
      return t('Abduction: what went in?');
    case 'induction':
      return t('Induction: which function is it?');
    case 'explain':
      return t('Explain: what does it do?');
  }
}

function directory(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash === -1 ? '' : file.slice(0, slash);
}

function countsText(tasks: number, { right, attempts }: ModelRecord): string {
  const { t } = vscode.l10n;
  const counted = tasks === 1 ? t('1 task') : t('{0} tasks', tasks);
  return attempts === 0 ? counted : t('{0}, right {1} of {2}', counted, right, attempts);
}

/** How the model does on a task. */
export function recordText({ state, isHeldOut, record: { right, attempts } }: TaskSummary): string {
  const { t } = vscode.l10n;
  if (state === 'stale') return t('of an older version');
  if (isHeldOut && attempts === 0) return t('held out');
  return attempts === 0 ? t('not asked yet') : t('right {0} of {1}', right, attempts);
}

/** Shapes, not colours, tell how the model does. */
function taskIcon({ state, isHeldOut, record: { right, attempts } }: TaskSummary): string {
  if (state === 'stale') return 'history';
  if (isHeldOut && attempts === 0) return 'eye-closed';
  if (attempts === 0) return 'circle-outline';
  if (right === attempts) return 'pass';
  return right === 0 ? 'circle-slash' : 'pie-chart';
}
