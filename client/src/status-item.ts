import * as vscode from 'vscode';
import type { Status } from '../../protocol/status.ts';
import { contextKeys, setContext } from './context-keys.ts';
import { statusText } from './status-text.ts';

/** Draws the status: in the status bar, beside the language of Python files, and as context keys. */
export class StatusItem implements vscode.Disposable {
  readonly #bar = vscode.window.createStatusBarItem('autodidact.status', vscode.StatusBarAlignment.Left, 0);
  readonly #language = vscode.languages.createLanguageStatusItem('autodidact.status', { language: 'python' });

  constructor() {
    this.#bar.name = vscode.l10n.t('Autodidact');
    this.#language.name = vscode.l10n.t('Autodidact');
  }

  draw(status: Status): void {
    const { icon, text, detail, action, busy, severity } = statusText(status);
    const bar = this.#bar;
    bar.text = `$(${icon}) ${text}`;
    bar.tooltip = `${detail}\n${action.title}`;
    bar.command = action;
    bar.accessibilityInformation = { label: `${text}. ${detail}` };
    bar.backgroundColor =
      severity === vscode.LanguageStatusSeverity.Warning
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
    bar.show();

    const language = this.#language;
    language.text = text;
    language.detail = detail;
    language.command = action;
    language.busy = busy;
    language.severity = severity;

    setContext(contextKeys.state, status.state);
    setContext(contextKeys.problem, status.state === 'problem' ? status.reason : undefined);
  }

  dispose(): void {
    this.#bar.dispose();
    this.#language.dispose();
  }
}
