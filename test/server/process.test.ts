import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { entryPoint } from '../../server/src/entry-point.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('answers over standard input and output and ends when it is told to', async () => {
  const { child, ended, connection } = await startProcess();
  const { capabilities } = await connection.sendRequest<{ capabilities: object }>('initialize', initialize);
  expect(capabilities).toMatchObject({
    codeLensProvider: {},
    workspace: { workspaceFolders: { supported: true } },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await ended).toBe(0);
  expect(child.exitCode).toBe(0);
});

it('ends when its client goes away', async () => {
  const { child, ended, connection } = await startProcess();
  await connection.sendRequest('initialize', initialize);
  child.stdin.end();
  expect(await ended).toBe(1);
});

const initialize = { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders: null };

async function startProcess() {
  const env = { PATH: process.env['PATH'], XDG_DATA_HOME: await temporaryFolder() };
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [entryPoint('server'), '--stdio'], {
    env,
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return { child, ended, connection };
}
