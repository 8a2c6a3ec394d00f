import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type BodyInit, fetch as undiciFetch } from 'undici';
import { ModelError } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import { asModelError, ollamaClients } from './ollama-client.ts';

export interface EnsureModelOptions {
  readonly host: string;
  /** Pull nothing. */
  readonly offline: boolean;
  /** Weights to create the model from where it cannot be pulled. */
  readonly ggufFile?: string;
  readonly onProgress: (progress: ModelProgress) => void;
}

/** How far a model's coming is. `done` never decreases. */
export interface ModelProgress {
  readonly model: string;
  readonly how: 'pull' | 'create';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Sees that the server has a model: there, else pulled, else created from a file. Says which; rejects naming each way tried. */
export async function ensureModel(
  model: string,
  options: EnsureModelOptions,
  signal: AbortSignal,
): Promise<'present' | 'pulled' | 'created'> {
  const { host, offline, ggufFile } = options;
  if ((await ollamaEndpoint({ host }).model(model, signal)) !== undefined) return 'present';
  const tried: string[] = [];
  if (offline) tried.push('pulling it: not while --offline');
  else {
    try {
      await pull(model, options, signal);
      return 'pulled';
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      tried.push(`pulling it: ${error.message}`);
    }
  }
  if (ggufFile !== undefined) {
    try {
      await createFromFile(model, ggufFile, options, signal);
      return 'created';
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      tried.push(`creating it from ${ggufFile}: ${error.message}`);
    }
  }
  const lines = [`The model ${model} is not there. Tried:`, ...tried.map((way) => `  - ${way}`)];
  throw new ModelError('model-missing', [...lines, `Pull it yourself: ollama pull ${model}`].join('\n'));
}

async function pull(
  model: string,
  { host, onProgress }: EnsureModelOptions,
  signal: AbortSignal,
): Promise<void> {
  const layers = new Map<string, { done: number; total: number }>();
  let reported = 0;
  try {
    const stream = await ollamaClients(host)(signal).pull({ model, stream: true });
    for await (const { digest, completed, total } of stream) {
      if (digest === undefined || total === undefined) continue;
      layers.set(digest, { done: completed ?? 0, total });
      const sum = (part: 'done' | 'total') =>
        [...layers.values()].reduce((bytes, layer) => bytes + layer[part], 0);
      // Ollama checks its layers again near the end and would count back.
      reported = Math.max(reported, sum('done'));
      onProgress({ model, how: 'pull', doneBytes: reported, totalBytes: sum('total') });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, host, signal);
  }
}

async function createFromFile(
  model: string,
  file: string,
  options: EnsureModelOptions,
  signal: AbortSignal,
): Promise<void> {
  const { host, onProgress } = options;
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ModelError('bad-response', 'there is no such file');
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  const digest = `sha256:${hash.digest('hex')}`;
  try {
    onProgress({ model, how: 'create', doneBytes: 0, totalBytes: found.size });
    const response = await undiciFetch(`${host}/api/blobs/${digest}`, {
      method: 'POST',
      // The types of undici and of Node each have their own Blob; at run time they are one.
      body: (await openAsBlob(file)) as unknown as BodyInit,
      signal,
    });
    await response.arrayBuffer();
    if (!response.ok)
      throw new ModelError('http-error', `${host} refused the weights with ${response.status}`);
    // The client passes on what it is given; only its types do not know `files` yet.
    const request = { model, files: { 'model.gguf': digest }, stream: true as const };
    const stream = await ollamaClients(host)(signal).create(request);
    for await (const _progress of stream) signal.throwIfAborted();
    onProgress({ model, how: 'create', doneBytes: found.size, totalBytes: found.size });
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, host, signal);
  }
}
