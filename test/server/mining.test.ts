import { cp, readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CancellationTokenSource, type CodeLens } from 'vscode-languageserver/node';
import {
  mineFolder,
  playStart,
  taskDocument,
  tasksFollow,
  tasksReload,
  tasksTree,
} from '../../protocol/messages.ts';
import { openStore } from '../../server/src/store/open-store.ts';
import { storePath } from '../../server/src/store/store-path.ts';
import { sampleTask } from '../support/sample-records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { drawnTree, treeRows } from './drawn-tree.ts';
import { fileUri, folderUri, openServer } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const python = `"""Two functions."""


def double(x):
    """
    >>> double(21)
    42
    """
    return x * 2


def shout(word):
    """
    >>> shout('ab')
    'AB!'
    """
    return word.upper() + '!'
`;

const tree = [
  'pkg/words.py (4)',
  '  double (2)',
  '    deduction (1)',
  '      double(21) → ?',
  '    abduction (1)',
  '      double(?) → 42',
  '  shout (2)',
  '    deduction (1)',
  "      shout('ab') → ?",
  '    abduction (1)',
  "      shout(?) → 'AB!'",
];

const sandbox = useSandbox();
const { parts } = sandbox;
const workspace = () => temporaryFolder({ 'pkg/words.py': python });

describe('on opening', () => {
  it('runs nothing, writes nothing and asks no model', async () => {
    const started = sandbox.started();
    const client = await openServer({ folders: [await workspace()], parts });
    expect(await client.status(({ state }) => state === 'idle')).toEqual({
      state: 'idle',
      seeds: 0,
      tasks: 0,
    });
    expect(await client.ask(tasksTree, { parent: null })).toEqual([]);
    expect(sandbox.started()).toBe(started);
    expect(await readdir(client.dataHome)).toEqual([]);
  });
});

describe('mining', () => {
  it('tells how far it is and fills the tree; the tasks are there again after a restart', async () => {
    const folder = await workspace();
    const client = await openServer({ folders: [folder], parts });
    const result = await client.ask(mineFolder, { folder: folderUri(folder), workDoneToken: 'mine' });
    expect(result).toEqual({ outcome: 'mined', files: 1, seeds: 2, tasks: 4 });
    expect(client.progress[0]).toMatch(/^Mining /);
    expect(client.progress.at(-1)).toBe('end');
    await client.status((status) => status.state === 'idle' && status.seeds === 2 && status.tasks === 4);
    expect(await drawnTree(client)).toEqual(tree);

    const started = sandbox.started();
    const again = await openServer({
      folders: [folder],
      env: { XDG_DATA_HOME: client.dataHome },
      parts,
    });
    await again.status((status) => status.state === 'idle' && status.seeds === 2 && status.tasks === 4);
    expect(await drawnTree(again)).toEqual(tree);
    expect(sandbox.started()).toBe(started);
  });

  it('keeps what it found when it is cancelled, and goes on when asked again', async () => {
    const source = (n: number) =>
      `def f${n}(x):\n    """\n    >>> f${n}(${n})\n    1\n    """\n    return [x, ${n}]\n`;
    const folder = await temporaryFolder({
      'many.py': Array.from({ length: 400 }, (_, n) => source(n)).join('\n\n'),
    });
    const client = await openServer({ folders: [folder], parts });
    const params = { folder: folderUri(folder) };
    const token = new CancellationTokenSource();
    const mining = client.connection.sendRequest(mineFolder.method, params, token.token);
    await client.status((status) => status.state === 'mining' && status.seeds > 0);
    const cancelled = performance.now();
    token.cancel();
    expect(await mining).toEqual({ outcome: 'cancelled' });
    expect(performance.now() - cancelled).toBeLessThan(1_000);
    expect(await client.ask(mineFolder, params)).toMatchObject({ outcome: 'mined', seeds: 400 });
  }, 120_000);

  it('does one thing at a time with a folder', async () => {
    const folder = await workspace();
    const client = await openServer({ folders: [folder], parts });
    const mining = client.ask(mineFolder, { folder: folderUri(folder) });
    expect(await client.ask(mineFolder, { folder: folderUri(folder) })).toEqual({ outcome: 'busy' });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'busy' });
    expect(await mining).toMatchObject({ outcome: 'mined' });
  });

  it('says so where there is no Python', async () => {
    const folder = await temporaryFolder({ 'notes.txt': 'nothing' });
    const client = await openServer({ folders: [folder], parts });
    const result = await client.ask(mineFolder, { folder: folderUri(folder) });
    expect(result).toMatchObject({ outcome: 'problem', reason: 'no-python-files' });
    await client.status((status) => status.state === 'problem' && status.reason === 'no-python-files');
  });
});

describe('while somebody looks', () => {
  it('shows what another process writes', async () => {
    const { client, folder } = await mined();
    await client.ask(tasksFollow, { follow: true });
    const store = await openStore({
      path: await storePath(folder, { env: { XDG_DATA_HOME: client.dataHome } }),
    });
    onTestFinished(() => store.close());
    await store.putTasks([sampleTask('f'.repeat(16))]);
    await client.status((status) => status.state === 'idle' && status.tasks === 5);
    expect(await drawnTree(client)).toContain('sums.py (1)');
    await client.ask(tasksFollow, { follow: false });
    await store.putTasks([sampleTask('e'.repeat(16))]);
    await wait(1_000);
    expect(await drawnTree(client)).toContain('sums.py (1)');
  });
});

describe('with tasks', () => {
  it('opens one as text without its answer, and says where its function stands', async () => {
    const { client, folder } = await mined();
    const task = (await treeRows(client)).find((row) => row.type === 'task');
    const document = await client.ask(taskDocument, { uri: task?.task.document ?? '' });
    expect(document?.text).toContain('def double(x):');
    expect(document?.text).toContain('double(21)');
    expect(document?.text).not.toContain('42');
    expect(document?.source).toEqual({ uri: fileUri(folder, 'pkg/words.py'), line: 4 });
    expect(await client.ask(taskDocument, { uri: `autodidact-task:/${'0'.repeat(16)}.task` })).toBeNull();
  });

  it('puts a lens on each function that has some, where it stands now', async () => {
    const { client, folder } = await mined();
    const uri = fileUri(folder, 'pkg/words.py');
    const lenses = async () => {
      const found = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri },
      });
      return found.map(({ range, command }) => [range.start.line, command?.title]);
    };
    const textDocument = { uri, languageId: 'python', version: 1, text: python };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    expect(await lenses()).toEqual([
      [3, '2 tasks'],
      [11, '2 tasks'],
    ]);
    const start = { line: 1, character: 0 };
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start, end: start }, text: '\n\n' }],
    });
    expect(await lenses()).toEqual([
      [5, '2 tasks'],
      [13, '2 tasks'],
    ]);
  });

  it('shows no lens where they are switched off', async () => {
    const { folder, dataHome } = await mined();
    const settings = { codeLens: { enabled: false } };
    const env = { XDG_DATA_HOME: dataHome };
    const client = await openServer({ folders: [folder], env, settings, parts });
    await client.status((status) => status.state === 'idle' && status.tasks === 4);
    const uri = fileUri(folder, 'pkg/words.py');
    const textDocument = { uri, languageId: 'python', version: 1, text: python };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    expect(await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } })).toEqual(
      [],
    );
  });

  it('shows them and runs nothing where the workspace is not trusted', async () => {
    const { folder, dataHome } = await mined();
    const env = { XDG_DATA_HOME: dataHome };
    const client = await openServer({
      folders: [folder],
      env,
      initialization: { trusted: false },
      parts,
    });
    await client.status(({ state }) => state === 'restricted');
    const started = sandbox.started();
    expect(await client.ask(mineFolder, { folder: folderUri(folder) })).toEqual({ outcome: 'restricted' });
    expect(await client.ask(playStart, {})).toEqual({ outcome: 'restricted' });
    expect(sandbox.started()).toBe(started);
    await expect.poll(() => drawnTree(client)).toEqual(tree);
  });

  it('sees what another process mined once it is asked to look again', async () => {
    const { client: other, folder, dataHome } = await mined();
    const client = await openServer({ folders: [folder], env: { XDG_DATA_HOME: dataHome }, parts });
    await client.status((status) => status.state === 'idle' && status.tasks === 4);
    await cp(`${folder}/pkg/words.py`, `${folder}/copied.py`);
    await other.ask(mineFolder, { folder: folderUri(folder) });
    expect(await drawnTree(client)).toEqual(tree);
    await client.ask(tasksReload, {});
    expect(await drawnTree(client)).toEqual(await drawnTree(other));
    expect(await drawnTree(client)).not.toEqual(tree);
  });
});

async function mined() {
  const folder = await workspace();
  const client = await openServer({ folders: [folder], parts });
  await client.ask(mineFolder, { folder: folderUri(folder) });
  return { client, folder, dataHome: client.dataHome };
}
