import * as vscode from 'vscode';
import type { ProblemReason } from '../../protocol/status.ts';
import { commands, editorCommands } from './commands.ts';

/** A problem in a few words, and the one thing to do about it. */
export interface ProblemText {
  readonly title: string;
  readonly action: vscode.Command;
}

export function problemText(reason: ProblemReason): ProblemText {
  const { t } = vscode.l10n;
  const showLog = { title: t('Show Log'), command: commands.showLog };
  const tryAgain = { title: t('Try Again'), command: commands.startSelfPlay };
  switch (reason) {
    case 'ollama-not-installed':
      return {
        title: t('Ollama is not installed'),
        action: { title: t('Get Ollama'), command: commands.getOllama },
      };
    case 'ollama-too-old':
      return {
        title: t('Ollama is too old'),
        action: { title: t('Get Ollama'), command: commands.getOllama },
      };
    case 'ollama-not-running':
      return { title: t('Ollama is not running'), action: tryAgain };
    case 'model-missing':
      return {
        title: t('The model is missing'),
        action: { title: t('Choose Model'), command: commands.chooseModel },
      };
    case 'no-python-files':
      return {
        title: t('No Python files'),
        action: { title: t('Open Folder'), command: editorCommands.openFolder },
      };
    case 'disk-full':
      return { title: t('The disk is full'), action: tryAgain };
    case 'sandbox-broken':
      return { title: t('The sandbox does not work'), action: showLog };
    case 'store-broken':
      return { title: t('The records cannot be read'), action: showLog };
    case 'failed':
      return { title: t('Something went wrong'), action: showLog };
  }
}
