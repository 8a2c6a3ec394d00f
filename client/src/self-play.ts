import * as vscode from 'vscode';
import type { StartResult } from '../../protocol/messages.ts';
import { pickModel } from './choose-model.ts';
import { commands } from './commands.ts';
import type { Session } from './session.ts';
import { tell, tellBusy, tellProblem, tellRestricted } from './tell.ts';

/** *Start Self-Play*: begins, or says what stands in the way and the one thing to do about it. */
export async function startSelfPlay(session: Session, takeOver = false): Promise<void> {
  if (!vscode.workspace.isTrusted) return tellRestricted();
  const result = await start(session, takeOver);
  const { t } = vscode.l10n;
  switch (result.outcome) {
    case 'started':
    case 'cancelled':
      return;
    case 'restricted':
      return tellRestricted();
    case 'busy':
      return tellBusy();
    case 'no-tasks':
      return tell('information', t('There are no tasks to play yet. Mine the workspace first.'), {
        title: t('Mine Workspace'),
        command: commands.mineWorkspace,
      });
    case 'choose-model':
      if (await pickModel(result.models)) await startSelfPlay(session, takeOver);
      return;
    case 'other-player':
      return tell('warning', t('Another process plays this folder.'), {
        title: t('Take Over'),
        command: commands.startSelfPlay,
        arguments: [{ takeOver: true }],
      });
    case 'problem':
      return tellProblem(result);
  }
}

function start(session: Session, takeOver: boolean): Thenable<StartResult> {
  const options: vscode.ProgressOptions = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Starting self-play'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const server = await session.server();
    return server.start({ takeOver }, token);
  });
}

/** *Pause Self-Play*: ends it within a second; what is done is kept. */
export async function pauseSelfPlay(session: Session): Promise<void> {
  const server = await session.server();
  await server.pause();
}
