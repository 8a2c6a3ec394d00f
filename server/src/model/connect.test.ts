import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import {
  type FakeProgramKind,
  fakeOllamaProgram,
  freePort,
} from '../../../test/support/fake-ollama-program.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { ModelError } from './model-error.ts';

const never = new AbortController().signal;

let folder = '';
let env: Record<string, string> = {};
beforeEach(async () => {
  folder = await temporaryFolder();
  env = {
    PATH: '/usr/bin:/bin',
    OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
    AUTODIDACT_CACHE: path.join(folder, 'cache'),
  };
});

async function program(kind: FakeProgramKind) {
  const made = await fakeOllamaProgram(folder, kind);
  onTestFinished(async () => {
    for (const pid of (await made.starts()).flatMap(({ pids }) => pids)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already, as it should be.
      }
    }
  });
  return made;
}

/** Connects and lets go when the test ends. */
async function connectNow(options: Partial<ConnectOptions> = {}) {
  const connection = await connect({ env, keep: false, ...options }, never);
  onTestFinished(() => connection.close());
  return connection;
}

async function failure(options: Partial<ConnectOptions> = {}): Promise<ModelError> {
  const error = await connectNow(options).catch((caught: unknown) => caught);
  if (!ModelError.is(error)) throw new Error(`no ModelError: ${error}`);
  return error;
}

describe('connecting', () => {
  it('takes the server that answers, and starts nothing', async () => {
    const server = await startFakeOllama();
    onTestFinished(() => server.close());
    const { binary, starts } = await program('serves');
    const running = { ...env, OLLAMA_HOST: server.host, AUTODIDACT_OLLAMA: binary };
    expect(await connectNow({ env: running })).toMatchObject({ how: 'running', host: server.host });
    expect(await starts()).toEqual([]);
  });

  it('starts the one on PATH, with its own models', async () => {
    const { folder: bin, starts } = await program('serves');
    const connection = await connectNow({ env: { ...env, PATH: `${bin}:/usr/bin:/bin` } });
    expect(connection).toMatchObject({ how: 'started', host: `http://${env['OLLAMA_HOST']}` });
    expect((await starts())[0]?.env['OLLAMA_MODELS']).toBeUndefined();
  });

  it.each(['ends', 'too-old'] as const)(
    'goes on to the one that set-up acquired where the one on PATH %s, with models in the cache',
    async (kind) => {
      const onPath = await program(kind);
      const { binary, starts } = await program('serves');
      const PATH = `${onPath.folder}:/usr/bin:/bin`;
      const connection = await connectNow({ env: { ...env, PATH, AUTODIDACT_OLLAMA: binary } });
      expect(connection.how).toBe('started');
      expect((await starts())[0]?.env['OLLAMA_MODELS']).toBe(path.join(folder, 'cache', 'models'));
    },
  );

  it('says each way that it tried, why it failed, and what to do', async () => {
    const { binary } = await program('ends');
    const { reason, message } = await failure({ env: { ...env, AUTODIDACT_OLLAMA: binary } });
    expect(reason).toBe('unreachable');
    expect(message.split('\n')).toEqual([
      'No Ollama can be used. Tried:',
      expect.stringContaining(`the server at http://${env['OLLAMA_HOST']}: Nothing listens`),
      '  - `ollama` on PATH: not there',
      expect.stringContaining(`${binary}: it ended: Error: it cannot work here`),
      expect.stringContaining('npm start'),
    ]);
  });

  it('tells that none is installed from one that does not run', async () => {
    expect((await failure()).reason).toBe('not-installed');
    const { binary } = await program('serves');
    expect((await failure({ start: false, env: { ...env, AUTODIDACT_OLLAMA: binary } })).reason).toBe(
      'refused',
    );
  });

  it('never starts one in the place of another machine, or of another server', async () => {
    const { folder: bin, starts } = await program('serves');
    const PATH = `${bin}:/usr/bin:/bin`;
    const elsewhere = await failure({ env: { ...env, PATH, OLLAMA_HOST: 'nowhere.invalid' } });
    expect(elsewhere.reason).toBe('unreachable');
    expect(elsewhere.message).toContain('Start Ollama on that machine');
    const page = { fault: 'status', status: 200, body: '<html>', contentType: 'text/html' } as const;
    const server = await startFakeOllama({ fault: () => page });
    onTestFinished(() => server.close());
    expect((await failure({ env: { ...env, PATH, OLLAMA_HOST: server.host } })).reason).toBe('bad-response');
    expect(await starts()).toEqual([]);
  });

  it('ends with its signal', async () => {
    const server = await startFakeOllama({ fault: () => ({ fault: 'slow-headers', ms: 10_000 }) });
    onTestFinished(() => server.close());
    const connecting = connect(
      { env: { ...env, OLLAMA_HOST: server.host }, keep: false },
      AbortSignal.timeout(100),
    );
    await expect(connecting).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
  });
});
