import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BodyInit } from 'undici';
import { ModelError } from './model-error.ts';
import { asModelError, ollamaClients, sender } from './ollama-client.ts';
import type { ModelProgress } from './pull.ts';

/** Creates a model out of a GGUF file: the file goes to the server as a blob, which it then names. Rejects with `ModelError`. */
export async function createFromFile(
  model: string,
  file: string,
  host: string,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ModelError('bad-response', 'there is no such file');
  const begun = performance.now();
  const tell = (doneBytes: number) => {
    const bytesPerSecond = (1000 * doneBytes) / Math.max(1, performance.now() - begun);
    onProgress({ model, how: 'create', doneBytes, totalBytes: found.size, bytesPerSecond });
  };
  tell(0);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  const digest = `sha256:${hash.digest('hex')}`;
  try {
    const uploaded = await sender(host)(`${host}/api/blobs/${digest}`, {
      method: 'POST',
      // The types of undici and of Node each have their own Blob; at run time they are one.
      body: (await openAsBlob(file)) as unknown as BodyInit,
      signal,
    });
    await uploaded.arrayBuffer();
    tell(found.size);
    // The client passes on what it is given; only its types do not know `files` yet.
    const request = { model, files: { 'model.gguf': digest }, stream: true as const };
    const stream = await ollamaClients(host)(signal).create(request);
    for await (const _line of stream) signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, host);
  }
}
