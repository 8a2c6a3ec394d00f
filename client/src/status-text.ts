import * as vscode from 'vscode';
import type { Status } from '../../protocol/status.ts';
import { commands, editorCommands } from './commands.ts';
import { problemText } from './problem-texts.ts';

/** A status as people see it: one line, its explanation, and what a click does. */
export interface StatusText {
  /** Name of a codicon. */
  readonly icon: string;
  readonly text: string;
  readonly detail: string;
  readonly action: vscode.Command;
  readonly busy: boolean;
  readonly severity: vscode.LanguageStatusSeverity;
}

export function statusText(status: Status): StatusText {
  const { t } = vscode.l10n;
  const calm = { busy: false, severity: vscode.LanguageStatusSeverity.Information };
  const showTasks = { title: t('Show Tasks'), command: editorCommands.showTasks };
  const start = { title: t('Start Self-Play'), command: commands.startSelfPlay };
  const pause = { title: t('Pause Self-Play'), command: commands.pauseSelfPlay };
  switch (status.state) {
    case 'idle':
      return status.tasks === 0
        ? {
            ...calm,
            icon: 'mortar-board',
            text: t('Autodidact'),
            detail: t('Nothing was mined from this workspace yet.'),
            action: { title: t('Mine Workspace'), command: commands.mineWorkspace },
          }
        : {
            ...calm,
            icon: 'mortar-board',
            text: t('Autodidact: {0} tasks', status.tasks),
            detail: t('{0} tasks from {1} verified examples.', status.tasks, status.seeds),
            action: showTasks,
          };
    case 'restricted':
      return {
        ...calm,
        icon: 'shield',
        text: t('Autodidact: restricted'),
        detail: t('This workspace is not trusted: tasks are shown, nothing runs.'),
        action: { title: t('Manage Workspace Trust'), command: editorCommands.manageTrust },
      };
    case 'starting':
      return {
        ...calm,
        busy: true,
        icon: 'loading~spin',
        text: t('Autodidact: starting'),
        detail: status.what,
        action: { title: t('Show Log'), command: commands.showLog },
      };
    case 'mining':
      return {
        ...calm,
        busy: true,
        icon: 'sync~spin',
        text: t('Autodidact: mining, {0} examples', status.seeds),
        detail: withSandbox(
          t('{0} of {1} files read, {2} examples verified.', status.filesDone, status.files, status.seeds),
          status.sandbox,
        ),
        action: showTasks,
      };
    case 'playing':
      return {
        ...calm,
        busy: status.suspended === undefined,
        icon: status.suspended === undefined ? 'sync~spin' : 'clock',
        text:
          status.suspended === undefined
            ? t('Autodidact: {0} of {1} right', status.right, status.attempts)
            : status.suspended === 'battery'
              ? t('Autodidact: waits on battery')
              : t('Autodidact: waits, quiet hours'),
        detail: withSandbox(
          t(
            '{0} plays: right {1} of {2} times, {3} groups.',
            status.model,
            status.right,
            status.attempts,
            status.groups,
          ),
          status.sandbox,
        ),
        action: pause,
      };
    case 'paused':
      return {
        ...calm,
        icon: 'debug-pause',
        text: t('Autodidact: paused'),
        detail: status.by === 'person' ? t('Self-play is paused. What was done is kept.') : status.detail,
        action: start,
      };
    case 'problem': {
      const { title, sentence, action } = problemText(status);
      return {
        busy: false,
        severity: vscode.LanguageStatusSeverity.Warning,
        icon: 'warning',
        text: t('Autodidact: {0}', title),
        detail: sentence,
        action,
      };
    }
  }
}

function withSandbox(detail: string, sandbox: string): string {
  return sandbox === '' ? detail : `${detail}\n${vscode.l10n.t('Programs run in {0}.', sandbox)}`;
}
