import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../test/fake-ollama/script.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ensureModel } from './ensure-model.ts';
import { ModelError } from './model-error.ts';
import type { ModelProgress } from './pull.ts';

const never = new AbortController().signal;
let server: FakeOllama | undefined;
afterEach(() => server?.close());

async function serve(script: FakeScript): Promise<FakeOllama> {
  server = await startFakeOllama(script);
  return server;
}

async function weights(): Promise<{ file: string; digest: string }> {
  const file = path.join(await temporaryFolder(), 'model.gguf');
  const content = Buffer.alloc(300_000, 'GGUF');
  await writeFile(file, content);
  return { file, digest: `sha256:${createHash('sha256').update(content).digest('hex')}` };
}

const quiet = () => undefined;

describe('a model', () => {
  it('that is there is left as it is', async () => {
    const { host, requests } = await serve({ models: [{ name: 'm:latest' }] });
    expect(await ensureModel('m', { host, offline: false, onProgress: quiet }, never)).toBe('present');
    expect(requests.filter(({ path }) => path === '/api/pull')).toEqual([]);
  });

  it('is pulled, with progress that never decreases', async () => {
    const { host } = await serve({ models: [], pullable: { 'm:1': [4_000, 400] } });
    const seen: ModelProgress[] = [];
    const onProgress = (progress: ModelProgress) => seen.push(progress);
    expect(await ensureModel('m:1', { host, offline: false, onProgress }, never)).toBe('pulled');
    const done = seen.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(seen.at(-1)).toMatchObject({ model: 'm:1', how: 'pull', doneBytes: 4_400, totalBytes: 4_400 });
    expect(seen.at(-1)?.bytesPerSecond).toBeGreaterThan(0);
  });

  it('is created from a file where it cannot be pulled', async () => {
    const { host, requests } = await serve({ models: [] });
    const { file, digest } = await weights();
    const seen: number[] = [];
    const options = {
      host,
      offline: false,
      ggufFile: file,
      onProgress: ({ doneBytes }: ModelProgress) => seen.push(doneBytes),
    };
    expect(await ensureModel('m:1', options, never)).toBe('created');
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/tags',
      '/api/pull',
      `/api/blobs/${digest}`,
      `/api/blobs/${digest}`,
      '/api/create',
    ]);
    expect(requests.at(-1)?.body).toMatchObject({ model: 'm:1', files: { 'model.gguf': digest } });
    expect(seen).toEqual([0, 300_000]);
  });

  it('is not pulled while offline', async () => {
    const { host, requests } = await serve({ models: [], pullable: { 'm:1': [1] } });
    const failure = ensureModel('m:1', { host, offline: true, onProgress: quiet }, never);
    await expect(failure).rejects.toMatchObject({ reason: 'model-missing' });
    expect(requests.map(({ path }) => path)).toEqual(['/api/tags']);
  });

  it('that cannot be had at all is an error that names each way tried', async () => {
    const { host } = await serve({ models: [] });
    const options = { host, offline: false, ggufFile: '/nowhere/model.gguf', onProgress: quiet };
    const failure = await ensureModel('m:1', options, never).catch((error: unknown) => error);
    expect(ModelError.is(failure, 'model-missing')).toBe(true);
    const { message } = failure as ModelError;
    expect(message.split('\n')).toEqual([
      `${host} has no model m:1. Tried:`,
      expect.stringContaining('pull model manifest: file does not exist'),
      expect.stringContaining('/nowhere/model.gguf: there is no such file'),
      'Get it with: ollama pull m:1',
    ]);
  });

  it('that is being pulled when the signal fires is left to the server, and no other way is tried', async () => {
    const { host, requests } = await serve({
      models: [],
      pullable: { 'm:1': [1_000] },
      fault: ({ path }) => (path === '/api/pull' ? { fault: 'stall', afterLines: 2 } : undefined),
    });
    const { file } = await weights();
    const abort = new AbortController();
    const options = { host, offline: false, ggufFile: file, onProgress: () => abort.abort() };
    await expect(ensureModel('m:1', options, abort.signal)).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect(requests.map(({ path }) => path)).toEqual(['/api/tags', '/api/pull']);
    expect(await requests[1]?.ended).toBe('closed');
  });
});
