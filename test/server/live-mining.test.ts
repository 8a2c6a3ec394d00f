import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { mineFolder } from '../../protocol/messages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drawnTree } from './drawn-tree.ts';
import { fileUri, folderUri, openServer } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const { parts } = useSandbox();

const source = (by: number, name = 'scale') =>
  `def ${name}(x):\n    """\n    >>> ${name}(21)\n    """\n    return x * ${by}\n`;

async function opened(files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(files);
  const client = await openServer({ folders: [folder], parts });
  const save = async (file: string, text: string) => {
    await writeFile(path.join(folder, file), text);
    const textDocument = { uri: fileUri(folder, file), languageId: 'python', version: 1, text };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    await client.connection.sendNotification('textDocument/didSave', { textDocument });
    await client.connection.sendNotification('textDocument/didClose', { textDocument });
  };
  const tree = async () => (await drawnTree(client)).filter((row) => row.includes('→'));
  const mine = () => client.ask(mineFolder, { folder: folderUri(folder) });
  return { folder, client, save, tree, mine };
}

it('mines again what was saved, and what the old version gave becomes stale', async () => {
  const { save, tree, mine, client } = await opened({ 'a.py': source(2), 'b.py': source(5, 'other') });
  await mine();
  await save('a.py', source(3));
  await expect.poll(tree, { timeout: 20_000 }).toContain('      scale(?) → 63');
  // Both ask the same; the older version of it is shown after the open one, until a person removes it.
  expect((await tree()).filter((row) => row.includes('scale(21)'))).toHaveLength(2);
  expect(await tree()).toContain('      other(?) → 105');
  await client.status(({ state }) => state === 'idle');
}, 60_000);

it('learns of files that change or go outside of the editor', async () => {
  const { folder, client, tree, mine } = await opened({ 'a.py': source(2), 'b.py': source(5, 'other') });
  await mine();
  await writeFile(path.join(folder, 'a.py'), source(4));
  await rm(path.join(folder, 'b.py'));
  const changes = ['a.py', 'b.py'].map((file) => ({ uri: fileUri(folder, file), type: 2 }));
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  await expect.poll(tree, { timeout: 20_000 }).toContain('      scale(?) → 84');
}, 60_000);

it('mines a notebook again that changed, but puts no lens on its text', async () => {
  const notebook = (by: number) =>
    JSON.stringify({ cells: [{ cell_type: 'code', source: source(by).split(/(?<=\n)/) }] }, null, 1);
  const { folder, client, tree, mine } = await opened({ 'a.ipynb': notebook(2), 'b.py': source(7, 'other') });
  await mine();
  expect(await tree()).toContain('      scale(?) → 42');
  await writeFile(path.join(folder, 'a.ipynb'), notebook(4));
  const uri = fileUri(folder, 'a.ipynb');
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri, type: 2 }],
  });
  await expect.poll(tree, { timeout: 20_000 }).toContain('      scale(?) → 84');
  const textDocument = { uri, languageId: 'python', version: 1, text: source(4) };
  await client.connection.sendNotification('textDocument/didOpen', { textDocument });
  expect(await client.connection.sendRequest('textDocument/codeLens', { textDocument })).toEqual([]);
  const python = { textDocument: { uri: fileUri(folder, 'b.py') } };
  await client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { ...python.textDocument, languageId: 'python', version: 2, text: source(7, 'other') },
  });
  expect(await client.connection.sendRequest('textDocument/codeLens', python)).toHaveLength(1);
}, 60_000);

it('runs nothing of a folder that nobody had mined', async () => {
  const { save, client } = await opened({ 'a.py': source(2) });
  await save('a.py', source(3));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(client.statuses.every(({ state }) => state !== 'mining')).toBe(true);
}, 20_000);

it('asks before it mines very many files', async () => {
  const { folder, client, mine } = await opened({ 'a.py': source(2) });
  await mine();
  const before = client.statuses.length;
  const changes = Array.from({ length: 201 }, (_, n) => ({ uri: fileUri(folder, `f${n}.py`), type: 1 }));
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  await expect
    .poll(() => client.shown, { timeout: 10_000 })
    .toEqual([`201 Python files of ${path.basename(folder)} changed. Mine them again?`]);
  expect(client.statuses.slice(before).every(({ state }) => state !== 'mining')).toBe(true);
}, 30_000);
