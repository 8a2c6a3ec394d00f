import * as vscode from 'vscode';
import type { Problem } from '../../protocol/status.ts';
import { commands, editorCommands } from './commands.ts';
import { problemText } from './problem-texts.ts';

/** Shows a message with one thing to do, for something that the person just asked for. */
export async function tell(
  kind: 'information' | 'warning',
  text: string,
  action: vscode.Command,
): Promise<void> {
  const show =
    kind === 'information' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await show(text, action.title);
  if (chosen === action.title) {
    await vscode.commands.executeCommand(action.command, ...((action.arguments ?? []) as unknown[]));
  }
}

export function tellProblem(problem: Problem): Promise<void> {
  const { sentence, action } = problemText(problem);
  return tell('warning', sentence, action);
}

export function tellRestricted(): Promise<void> {
  return tell('warning', vscode.l10n.t('This workspace is not trusted, so nothing of it runs.'), {
    title: vscode.l10n.t('Manage Workspace Trust'),
    command: editorCommands.manageTrust,
  });
}

export function tellBusy(): Promise<void> {
  return tell('information', vscode.l10n.t('Mining or self-play goes on already.'), {
    title: vscode.l10n.t('Pause Self-Play'),
    command: commands.pauseSelfPlay,
  });
}
