import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ErrorCodes, type ResponseError } from 'vscode-languageserver/node';
import { mineFolder, serverCommands, tasksTree } from '../../protocol/messages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { folderUri, openServer, type TestClient } from './language-server.ts';
import { useSandbox } from './use-sandbox.ts';

const { parts } = useSandbox();
const workspace = () =>
  temporaryFolder({
    'maths.py': 'def double(x):\n    """\n    >>> double(21)\n    42\n    """\n    return x * 2\n',
  });

const execute = (client: TestClient, command: string, ...args: unknown[]) =>
  client.connection.sendRequest('workspace/executeCommand', { command, arguments: args });

const refusal = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: ResponseError) => error.code,
  );

describe('commands that any client can run', () => {
  it('mine, with progress and a message', async () => {
    const client = await openServer({ folders: [await workspace()], parts });
    expect(client.initialized.capabilities.executeCommandProvider?.commands).toEqual(
      Object.values(serverCommands),
    );
    await execute(client, serverCommands.mine);
    expect(client.shown).toEqual([expect.stringMatching(/: mined\. Files read: 1, tasks: 2\.$/)]);
    expect(client.progress.at(-1)).toBe('end');
  });

  it('open a task: as a file beside the store, or as a document where the client has those', async () => {
    const folder = await workspace();
    const client = await openServer({ folders: [folder], parts });
    await client.ask(mineFolder, { folder: folderUri(folder) });
    await execute(client, serverCommands.openTasks, folderUri(folder), 'maths.py', 'double');
    const file = fileURLToPath(client.opened[0] ?? '');
    expect(file.startsWith(client.dataHome)).toBe(true);
    expect(await readFile(file, 'utf8')).toContain('def double(x):');

    const initialization = { taskDocuments: true };
    const env = { XDG_DATA_HOME: client.dataHome };
    const other = await openServer({ folders: [folder], env, initialization, parts });
    await other.status((status) => status.state === 'idle' && status.tasks === 2);
    await execute(other, serverCommands.openTasks, folderUri(folder), 'maths.py', 'double');
    expect(other.opened[0]).toMatch(/^autodidact-task:\/[0-9a-f]{16}\/double\.deduction\.task\?/);
  });

  it('say what stands in the way of self-play', async () => {
    const client = await openServer({ folders: [await workspace()], parts });
    await execute(client, serverCommands.startSelfPlay);
    expect(client.shown).toEqual([expect.stringContaining('Mine the workspace first')]);
    await execute(client, serverCommands.pauseSelfPlay);
  });

  it('are refused with arguments of the wrong shape, or where there are none of that name', async () => {
    const client = await openServer({ folders: [await workspace()], parts });
    expect(await refusal(execute(client, serverCommands.openTasks, 1, 2))).toBe(ErrorCodes.InvalidParams);
    expect(await refusal(execute(client, 'autodidact.server.nothing'))).toBe(ErrorCodes.MethodNotFound);
  });
});

describe('a client that misbehaves', () => {
  it('is answered, and the server goes on', async () => {
    const client = await openServer({ folders: [await workspace()], parts });
    const send = (method: string, params: unknown) => refusal(client.connection.sendRequest(method, params));
    expect(await send(tasksTree.method, { parent: { type: 'galaxy' } })).toBe(ErrorCodes.InvalidParams);
    expect(await send(tasksTree.method, 'text')).toBe(ErrorCodes.InvalidParams);
    expect(await send(mineFolder.method, {})).toBe(ErrorCodes.InvalidParams);
    expect(await send('autodidact/unknown', {})).toBe(ErrorCodes.MethodNotFound);
    expect(await client.ask(mineFolder, { folder: 'file:///nowhere' })).toEqual({ outcome: 'cancelled' });
    const parent = { type: 'kind', folder: 'x:', file: '../..', symbol: '', kind: 'deduction' } as const;
    expect(await client.ask(tasksTree, { parent })).toEqual([]);
    expect(await client.ask(tasksTree, { parent: null })).toEqual([]);
  });

  it('that sends what is no message does not end the server', async () => {
    const client = await openServer({ folders: [await workspace()], parts });
    const body = '{"jsonrpc": "2.0", "id": ';
    client.toServer.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    client.toServer.write('Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}');
    expect(await client.ask(tasksTree, { parent: null })).toEqual([]);
  });
});
