import * as vscode from 'vscode';
import type { Problem } from '../../protocol/status.ts';
import { commands, editorCommands } from './commands.ts';

/** A problem in a few words and in a sentence, and the one thing to do about it. The log has the rest. */
export interface ProblemText {
  readonly title: string;
  readonly sentence: string;
  readonly action: vscode.Command;
}

export function problemText({ reason, detail }: Problem): ProblemText {
  const { t } = vscode.l10n;
  const showLog = { title: t('Show Log'), command: commands.showLog };
  const getOllama = { title: t('Get Ollama'), command: commands.getOllama };
  switch (reason) {
    case 'ollama-not-installed':
      return {
        title: t('Ollama is not installed'),
        sentence: t('Self-play needs Ollama, which runs the model. There is none on this machine.'),
        action: getOllama,
      };
    case 'ollama-not-running':
      return {
        title: t('Ollama does not answer'),
        sentence: t('Ollama does not answer. Start it, or check the setting autodidact.ollama.host.'),
        action: { title: t('Try Again'), command: commands.startSelfPlay },
      };
    case 'ollama-too-old':
      return {
        title: t('Ollama is too old'),
        sentence: t('This Ollama does not give log-probabilities. Update it to 0.12.11 or later.'),
        action: getOllama,
      };
    case 'model-missing':
      return {
        title: t('The model is missing'),
        sentence: detail,
        action: { title: t('Choose Model'), command: commands.chooseModel },
      };
    case 'no-python-files':
      return {
        title: t('No Python files'),
        sentence: detail,
        action: { title: t('Open Folder'), command: editorCommands.openFolder },
      };
    case 'disk-full':
      return { title: t('The disk is full'), sentence: detail, action: showLog };
    case 'sandbox-broken':
      return { title: t('The sandbox does not work'), sentence: detail, action: showLog };
    case 'store-broken':
      return { title: t('The records cannot be used'), sentence: detail, action: showLog };
    case 'failed':
      return { title: t('Something went wrong'), sentence: detail, action: showLog };
  }
}
