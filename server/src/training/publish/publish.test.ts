import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeOllama, startFakeOllama } from '../../../../test/fake-ollama/fake-ollama.ts';
import type { FakeScript } from '../../../../test/fake-ollama/script.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { describeModel } from '../../model/describe-model.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import { candidateName, markOf, type NamedModel, type WeightsFile } from './candidate.ts';
import { type PublishOptions, publishWeights } from './publish.ts';

const never = new AbortController().signal;
const manner = {
  template: '<{{ .Prompt }}>',
  system: 'Be brief.',
  parameters: { stop: ['<end>'], temperature: 0.2 },
};
const base = { name: 'small:latest', digest: 'b'.repeat(64) };
const baseModel = { ...base, ...manner, license: 'MIT', quantization: 'F16' };

async function serve(script: FakeScript = {}): Promise<FakeOllama> {
  const server = await startFakeOllama({ models: [baseModel], ...script });
  onTestFinished(() => server.close());
  return server;
}

async function weights(form: 'merged' | 'adapter' = 'merged', content = form): Promise<WeightsFile> {
  const file = path.join(await temporaryFolder(), 'weights.gguf');
  await writeFile(file, content);
  return { path: file, sha256: createHash('sha256').update(content).digest('hex'), form, type: 'f16' };
}

function publish(
  { host }: FakeOllama,
  file: WeightsFile,
  changed: Partial<PublishOptions> = {},
  signal = never,
) {
  const now = () => new Date('2026-01-02T03:04:05.678Z');
  return publishWeights(base, file, { host, tuned: true, now, ...changed }, signal);
}

async function names({ host }: FakeOllama): Promise<string[]> {
  return (await ollamaEndpoint({ host }).models(never)).map(({ name }) => name);
}

describe.each(['merged', 'adapter'] as const)('weights as %s', (form) => {
  it('become a model in the manner of the base, with our mark behind the licence', async () => {
    const server = await serve();
    const file = await weights(form);
    const published = await publish(server, file);
    expect(published).toMatchObject({ name: candidateName(base, file), how: 'created' });
    expect(published.name).toMatch(/^autodidact-small:[0-9a-f]{12}$/);
    const made = await describeModel(published.name, server.host, never);
    expect(made.manner).toMatchObject(manner);
    expect(made.license).toMatch(/^MIT\nThese weights were tuned by Autodidact from small:latest/);
    expect(markOf(published.name, made.license)).toEqual(published.mark);
    expect(form === 'merged' ? made.weights : made.adapters).toEqual([file.sha256]);
  });

  it('are found when they come again, and not sent again', async () => {
    const server = await serve();
    const file = await weights(form);
    const first = await publish(server, file);
    const before = server.requests.length;
    expect(await publish(server, file)).toEqual({ ...first, how: 'found' });
    expect(server.requests.slice(before).map(({ path }) => path)).not.toContain('/api/create');
  });

  it('leave nothing where the server breaks off while it makes the model', async () => {
    const server = await serve({
      fault: ({ path }) => (path === '/api/create' ? { fault: 'reset', afterLines: 1 } : undefined),
    });
    await expect(publish(server, await weights(form))).rejects.toMatchObject({ reason: 'gone' });
    expect(await names(server)).toEqual([base.name]);
  });

  it('leave nothing where the signal fires while the model is made', async () => {
    const server = await serve({
      fault: ({ path }) => (path === '/api/create' ? { fault: 'stall', afterLines: 1 } : undefined),
    });
    const abort = new AbortController();
    const publishing = publish(
      server,
      await weights(form),
      { onProgress: ({ doneBytes }) => doneBytes > 0 && setTimeout(() => abort.abort(), 50) },
      abort.signal,
    );
    await expect(publishing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await names(server)).toEqual([base.name]);
  });

  it('are refused where the server will not have the form', async () => {
    const server = await serve({
      fault: ({ path }) =>
        path === '/api/create'
          ? { fault: 'line', afterLines: 0, line: '{"error":"unsupported architecture"}' }
          : undefined,
    });
    await expect(publish(server, await weights(form))).rejects.toMatchObject({ reason: 'form-refused' });
    expect(await names(server)).toEqual([base.name]);
  });
});

describe('an adapter', () => {
  it('that the server silently leaves out is found out, and its model deleted', async () => {
    const server = await serve({ ignoresAdapters: true });
    await expect(publish(server, await weights('adapter'))).rejects.toMatchObject({ reason: 'not-applied' });
    expect(await names(server)).toEqual([base.name]);
  });

  it('whose model cannot be loaded is of a form that is refused', async () => {
    const server = await serve({
      fault: ({ path, body }) =>
        path === '/api/generate' && body.model !== base.name
          ? { fault: 'status', status: 500, body: '{"error":"loras are not yet implemented"}' }
          : undefined,
    });
    await expect(publish(server, await weights('adapter'))).rejects.toMatchObject({ reason: 'form-refused' });
    expect(await names(server)).toEqual([base.name]);
  });
});

describe('nothing is published', () => {
  it('where the base is another one now, or gone', async () => {
    const server = await serve({ models: [{ ...baseModel, digest: 'c'.repeat(64) }] });
    await expect(publish(server, await weights())).rejects.toMatchObject({ reason: 'base-changed' });
    const empty = await serve({ models: [] });
    await expect(publish(empty, await weights())).rejects.toMatchObject({ reason: 'base-changed' });
  });

  it('of the base’s own weights', async () => {
    const file = await weights();
    const server = await serve({ models: [{ ...baseModel, weights: file.sha256 }] });
    await expect(publish(server, file)).rejects.toMatchObject({ reason: 'same-as-base' });
  });

  it('of a file that is gone, or another than was told', async () => {
    const server = await serve();
    const file = await weights();
    const changed = { ...file, sha256: '0'.repeat(64) };
    await expect(publish(server, changed)).rejects.toMatchObject({ reason: 'bad-export' });
    const gone = { ...file, path: `${file.path}-gone` };
    await expect(publish(server, gone)).rejects.toMatchObject({ reason: 'bad-export' });
  });

  it('where the disk has no room, and nothing is sent then', async () => {
    const server = await serve();
    const file = await weights();
    const free = async (folder: string) => (folder === '/models/blobs' ? 1000 : undefined);
    await expect(publish(server, file, { free })).rejects.toMatchObject({ reason: 'no-room' });
    expect(server.requests.some(({ path }) => path.startsWith('/api/blobs/'))).toBe(false);
    expect((await stat(file.path)).size).toBeGreaterThan(0);
  });

  it('over a model that somebody else made under the name', async () => {
    const file = await weights();
    const other: NamedModel & { license: string } = {
      name: candidateName(base, file),
      digest: 'd'.repeat(64),
      license: 'MIT',
    };
    const server = await serve({ models: [baseModel, other] });
    await expect(publish(server, file)).rejects.toMatchObject({ reason: 'name-taken' });
    expect(await names(server)).toContain(other.name);
  });

  it('where nothing answers', async () => {
    const server = await serve();
    const file = await weights();
    await server.close();
    await expect(publish(server, file)).rejects.toMatchObject({ reason: 'gone' });
  });
});
