import { cp } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { CodeLens } from 'vscode-languageserver/node';
import { mineFolder } from '../../protocol/messages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drawnTree } from './drawn-tree.ts';
import { fileUri, folderUri, openServer } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const python = 'def double(x):\n    """\n    >>> double(21)\n    42\n    """\n    return x * 2\n';

const inside = 'def thrice(x):\n    """\n    >>> thrice(5)\n    15\n    """\n    return x * 3\n';

const { parts } = useSandbox();

it('keeps two folders apart, also where one lies in the other', async () => {
  const outer = await temporaryFolder({
    'outer.py': python,
    'inner/deep.py': inside,
  });
  const inner = path.join(outer, 'inner');
  const client = await openServer({ folders: [outer, inner], parts });
  expect(await client.ask(mineFolder, { folder: folderUri(inner) })).toMatchObject({ files: 1, tasks: 2 });
  const name = path.basename(outer);
  expect(files(await drawnTree(client))).toEqual(['inner (2)', 'deep.py (2)']);
  expect(await client.ask(mineFolder, { folder: folderUri(outer) })).toMatchObject({ files: 2, tasks: 4 });
  expect(files(await drawnTree(client))).toEqual([
    `${name} (4)`,
    'inner/deep.py (2)',
    'outer.py (2)',
    'inner (2)',
    'deep.py (2)',
  ]);

  const uri = fileUri(inner, 'deep.py');
  const textDocument = { uri, languageId: 'python', version: 1, text: inside };
  await client.connection.sendNotification('textDocument/didOpen', { textDocument });
  const lenses = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
    textDocument: { uri },
  });
  expect(lenses.map(({ command }) => command?.arguments)).toEqual([[folderUri(inner), 'deep.py', 'thrice']]);
});

it('takes folders in and lets go of them while it runs', async () => {
  const first = await temporaryFolder({ 'one.py': python });
  const second = await temporaryFolder();
  await cp(path.join(first, 'one.py'), path.join(second, 'two.py'));
  const client = await openServer({ folders: [first], parts });
  await client.ask(mineFolder, { folder: folderUri(first) });
  const change = (added: string[], removed: string[]) => {
    const named = (folders: string[]) =>
      folders.map((folder) => ({ uri: folderUri(folder), name: path.basename(folder) }));
    return client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: named(added), removed: named(removed) },
    });
  };
  await change([second], []);
  expect(await client.ask(mineFolder, { folder: folderUri(second) })).toMatchObject({
    outcome: 'mined',
    tasks: 2,
  });
  await change([], [first]);
  await expect.poll(async () => files(await drawnTree(client))).toEqual(['two.py (2)']);
});

it('ends mining in a folder that is closed', async () => {
  const source = (n: number) =>
    `def f${n}(x):\n    """\n    >>> f${n}(${n})\n    1\n    """\n    return [x, ${n}]\n`;
  const folder = await temporaryFolder({
    'many.py': Array.from({ length: 40 }, (_, n) => source(n)).join('\n\n'),
  });
  const client = await openServer({ folders: [folder], parts });
  const mining = client.ask(mineFolder, { folder: folderUri(folder) });
  await client.status((status) => status.state === 'mining' && status.seeds > 0);
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [{ uri: folderUri(folder), name: 'many' }] },
  });
  expect(await mining).toEqual({ outcome: 'cancelled' });
  expect(await drawnTree(client)).toEqual([]);
});

/** Rows of folders and files only. */
function files(tree: readonly string[]): string[] {
  return tree.filter((row) => !row.startsWith(' '));
}
