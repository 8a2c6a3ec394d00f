import * as vscode from 'vscode';
import { commands } from './commands.ts';
import type { Session } from './session.ts';
import { tell, tellProblem } from './tell.ts';

/** Setting that names the model. */
const section = 'autodidact';
const key = 'model.name';

/** *Choose Model*: lists the models that Ollama has. */
export async function chooseModel(session: Session): Promise<void> {
  const source = new vscode.CancellationTokenSource();
  try {
    const server = await session.server();
    const result = await server.models(source.token);
    if (result.outcome === 'problem') await tellProblem(result);
    else await pickModel(result.models);
  } finally {
    source.dispose();
  }
}

/** Lets a person choose, and remembers it in the user's settings. False where nothing was chosen. */
export async function pickModel(models: readonly string[]): Promise<boolean> {
  const { t } = vscode.l10n;
  if (models.length === 0) {
    void tell(
      'warning',
      t(
        'Ollama has no models yet. Get one in a terminal, for example: {0}',
        'ollama pull qwen2.5-coder:1.5b',
      ),
      {
        title: t('Choose Model'),
        command: commands.chooseModel,
      },
    );
    return false;
  }
  const current = vscode.workspace.getConfiguration(section).get<string>(key);
  const items = models.map((label) => ({
    label,
    ...(label === current ? { description: t('chosen now') } : {}),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: t('The model that proposes and solves tasks about this code'),
  });
  if (chosen === undefined) return false;
  await vscode.workspace
    .getConfiguration(section)
    .update(key, chosen.label, vscode.ConfigurationTarget.Global);
  return true;
}
