import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';

/** What a person does first, done inside of the extension host of a desktop VS Code. Each step builds on the one before. */
const steps: readonly [name: string, step: () => Promise<void>][] = [
  [
    'activates',
    async () => {
      const extension = vscode.extensions.getExtension('autodidact.autodidact');
      assert.ok(extension, 'the extension is not there');
      await extension.activate();
      assert.ok(extension.isActive);
    },
  ],
  [
    'mines the workspace and shows lenses on the functions that have tasks',
    async () => {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(shapes()));
      await vscode.commands.executeCommand('autodidact.mineWorkspace');
      await until(async () => (await lenses()).length === 2);
    },
  ],
  [
    'opens a task from a lens as a document that does not give the answer away',
    async () => {
      const [lens] = await lenses();
      assert.ok(lens?.command);
      void vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
      await until(async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.window.activeTextEditor?.document.uri.scheme === 'autodidact-task';
      });
      const text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /def rectangle\(width, height\)/);
      assert.doesNotMatch(text, />>> rectangle/);
    },
  ],
];

/** Called by the extension host: runs the steps, notes how each ended, and rejects where one failed. */
export async function run(): Promise<void> {
  const outcomes: { name: string; error: string | null }[] = [];
  for (const [name, step] of steps) {
    const error = await step().then(
      () => null,
      (reason: unknown) => String(reason),
    );
    outcomes.push({ name, error });
  }
  const report = process.env['AUTODIDACT_SMOKE_REPORT'];
  if (report !== undefined) await writeFile(report, JSON.stringify(outcomes));
  const failed = outcomes.filter(({ error }) => error !== null).map(({ name }) => name);
  if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
}

function shapes(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.file(path.join(folder.uri.fsPath, 'shapes.py'));
}

function lenses(): Thenable<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', shapes(), 100);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it did not come about within 60 s');
    await wait(500);
  }
}
