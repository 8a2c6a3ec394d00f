import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../test/fake-ollama/script.ts';
import { ollamaEndpoint } from './ollama.ts';

const never = new AbortController().signal;
let server: FakeOllama | undefined;
afterEach(() => server?.close());

async function probe(script: FakeScript) {
  server = await startFakeOllama(script);
  return ollamaEndpoint({ host: server.host }).probe(never);
}

describe('a probe', () => {
  it.each([
    ['0.12.11', 'ready'],
    ['0.17.4', 'ready'],
    ['0.13.0-rc1', 'ready'],
    ['1.0.0', 'ready'],
    // What a build from source calls itself.
    ['0.0.0', 'ready'],
    ['0.12.10', 'too-old'],
    ['0.9.9', 'too-old'],
  ])('of version %s finds it %s', async (version, state) => {
    expect((await probe({ version })).state).toBe(state);
  });

  it('tells another server from Ollama', async () => {
    const fault = () =>
      ({ fault: 'status', status: 200, body: '<html>hello</html>', contentType: 'text/html' }) as const;
    expect((await probe({ fault })).state).toBe('not-ollama');
    await server?.close();
    expect((await probe({ fault: () => ({ fault: 'status', status: 404, body: '' }) })).state).toBe(
      'not-ollama',
    );
  });

  it('tells that nothing listens', async () => {
    const closed = await startFakeOllama();
    await closed.close();
    expect((await ollamaEndpoint({ host: closed.host }).probe(never)).state).toBe('refused');
  });

  it('asks one small question and loads nothing', async () => {
    await probe({});
    expect(server?.requests.map(({ path }) => path)).toEqual(['/api/version']);
  });

  it('ends with its signal', async () => {
    const abort = new AbortController();
    server = await startFakeOllama({ fault: () => ({ fault: 'slow-headers', ms: 10_000 }) });
    const probing = ollamaEndpoint({ host: server.host }).probe(abort.signal);
    setTimeout(() => abort.abort(), 100);
    await expect(probing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
