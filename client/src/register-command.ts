import * as vscode from 'vscode';
import { commands } from './commands.ts';
import { tell } from './tell.ts';

/** Registers a command that says why where it cannot run, instead of failing in silence or with a stack. */
export function registerCommand(
  id: string,
  handler: (...args: never[]) => unknown,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: never[]) => {
    try {
      await handler(...args);
    } catch (error) {
      log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      await tell('warning', vscode.l10n.t('The language server does not answer. The log says why.'), {
        title: vscode.l10n.t('Restart Server'),
        command: commands.restartServer,
      });
    }
  });
}
