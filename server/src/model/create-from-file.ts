import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BodyInit } from 'undici';
import type { ModelManner } from './describe-model.ts';
import { ModelError } from './model-error.ts';
import { asModelError, ollamaClients, sender } from './ollama-client.ts';
import type { ModelProgress } from './pull.ts';

/** What a created model has beside its file's weights. */
export interface Creation {
  /** The model that the file is an adapter of: all but what is named here is taken over from it. Absent: the file is the whole model. */
  readonly adapterOf?: string;
  readonly manner?: ModelManner;
  /** Licence texts; those of `adapterOf` stay before them. */
  readonly license?: readonly string[];
  /** SHA-256 of the file, where it is known: it is not read for it then, and the server refuses another file under it. */
  readonly sha256?: string;
}

/**
 * Creates a model out of a GGUF file: the file goes to the server as a blob, unless it is there, which the model then names.
 * Rejects with `ModelError`; `bad-response` where there is no such file.
 */
export async function createFromFile(
  model: string,
  file: string,
  host: string,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
  creation: Creation = {},
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ModelError('bad-response', 'there is no such file');
  const begun = performance.now();
  const tell = (doneBytes: number) => {
    const bytesPerSecond = (1000 * doneBytes) / Math.max(1, performance.now() - begun);
    onProgress({ model, how: 'create', doneBytes, totalBytes: found.size, bytesPerSecond });
  };
  tell(0);
  const digest = `sha256:${creation.sha256 ?? (await sha256Of(file, signal))}`;
  try {
    await upload(file, digest, host, signal);
    tell(found.size);
    const stream = await ollamaClients(host)(signal).create(requestOf(model, digest, creation));
    for await (const _line of stream) signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, host);
  }
}

/** SHA-256 of a file's content, 64 hex digits. */
export async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

async function upload(file: string, digest: string, host: string, signal: AbortSignal): Promise<void> {
  const send = sender(host);
  const blob = `${host}/api/blobs/${digest}`;
  // Ollama answers an upload of what it has at once and closes the connection, which breaks an upload of any size.
  const isThere = await send(blob, { method: 'HEAD', signal }).then(
    () => true,
    (error: unknown) => {
      if (ModelError.is(error) && error.status === 404) return false;
      throw error;
    },
  );
  if (isThere) return;
  // The types of undici and of Node each have their own Blob; at run time they are one.
  const body = (await openAsBlob(file)) as unknown as BodyInit;
  const uploaded = await send(blob, { method: 'POST', body, signal });
  await uploaded.arrayBuffer();
}

/** The client passes on what it is given; only its types do not know `files` and some of a model's manner. */
function requestOf(model: string, digest: string, { adapterOf, manner, license }: Creation) {
  const weights =
    adapterOf === undefined
      ? { files: { 'model.gguf': digest } }
      : { from: adapterOf, adapters: { 'adapter.gguf': digest } };
  const { messages, parameters, ...rest } = manner ?? {};
  return {
    model,
    ...weights,
    ...rest,
    ...(parameters === undefined ? {} : { parameters: { ...parameters } }),
    ...(messages === undefined ? {} : { messages: messages.map((message) => ({ ...message })) }),
    ...(license === undefined ? {} : { license: [...license] }),
    stream: true as const,
  };
}
