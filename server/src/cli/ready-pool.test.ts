import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import { startFakeOpenai } from '../../../test/support/fake-openai.ts';
import { ModelError } from '../model/model-error.ts';
import type { CliContext } from './context.ts';
import { readyPool } from './ready-pool.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function opened<T extends { close(): Promise<void> }>(server: T): T {
  open.push(server);
  return server;
}

function context(env: CliContext['env'] = {}) {
  const stderr = new PassThrough();
  const { signal } = new AbortController();
  const made: CliContext = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr,
    cwd: '/',
    env,
    signal,
  };
  const told = () => {
    stderr.end();
    return text(stderr);
  };
  return { context: made, told };
}

const flags = { allowRemote: [], offline: true, keep: false };

describe('the servers that a person named', () => {
  it('are asked together, the first that has the model for what is asked once; what keeps one away is told', async () => {
    const none = opened(await startFakeOllama({ models: [] }));
    const has = opened(await startFakeOllama());
    const { context: given, told } = context();
    const endpoint = [`ollama+${none.host}`, `ollama+${has.host}?slots=2`];
    const ready = await readyPool('fake', { ...flags, endpoint }, given);
    expect(ready.endpoint.host).toBe(has.host);
    expect(ready.members.map(({ endpoint: { host }, slots }) => [host, slots])).toEqual([
      [none.host, 1],
      [has.host, 2],
    ]);
    expect(await told()).toContain(none.host);
  });

  it('get the key from the variable that the address names, and their slots', async () => {
    const server = opened(await startFakeOpenai({ key: 'secret' }));
    const endpoint = [`openai+${server.host}?slots=5&key=TEAM_KEY`];
    const { context: given } = context({ TEAM_KEY: 'secret' });
    const ready = await readyPool('fake', { ...flags, endpoint }, given);
    expect(ready.members[0]?.slots).toBe(5);
    const without = readyPool('fake', { ...flags, endpoint }, context().context);
    await expect(without).rejects.toSatisfy((error) => ModelError.is(error, 'bad-address'));
  });

  it('are missing where none has the model, and told why where none answers', async () => {
    const server = opened(await startFakeOpenai());
    const endpoint = [`openai+${server.host}`];
    const missing = readyPool('other', { ...flags, endpoint }, context().context);
    await expect(missing).rejects.toSatisfy((error) => ModelError.is(error, 'model-missing'));
    await server.close();
    const refused = readyPool('fake', { ...flags, endpoint }, context().context);
    await expect(refused).rejects.toSatisfy((error) => ModelError.is(error, 'refused'));
  });

  it('may be asked for a model that runs elsewhere only where it is allowed by name', async () => {
    const models = [{ name: 'big:cloud', remoteHost: 'https://example.com:443' }];
    const server = opened(await startFakeOllama({ models }));
    const endpoint = [`ollama+${server.host}`];
    const refused = readyPool('big:cloud', { ...flags, endpoint }, context().context);
    await expect(refused).rejects.toSatisfy((error) => ModelError.is(error, 'remote-model'));
    const allowed = { ...flags, allowRemote: ['big:cloud'], endpoint };
    expect((await readyPool('big:cloud', allowed, context().context)).endpoint.host).toBe(server.host);
  });
});
