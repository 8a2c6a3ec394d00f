import { z } from 'zod';
import { asModelError, ollamaClients } from './ollama-client.ts';

/** How far the coming of a model is. `doneBytes` never decreases. */
export interface ModelProgress {
  readonly model: string;
  readonly how: 'pull' | 'create';
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Since this attempt began. */
  readonly bytesPerSecond: number;
}

const PullLine = z.object({
  digest: z.string().optional(),
  completed: z.number().optional(),
  total: z.number().optional(),
});

/**
 * Has the server pull a model. Rejects with `ModelError`; an abort closes the socket, and Ollama keeps what came for the
 * next time.
 */
export async function pull(
  model: string,
  host: string,
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const layers = new Map<string, { readonly done: number; readonly total: number }>();
  const begun = performance.now();
  let already: number | undefined;
  let reported = 0;
  try {
    const stream = await ollamaClients(host)(signal).pull({ model, stream: true });
    for await (const part of stream) {
      const { digest, completed = 0, total } = PullLine.parse(part);
      if (digest === undefined || total === undefined) continue;
      layers.set(digest, { done: completed, total });
      const all = [...layers.values()];
      const done = all.reduce((bytes, layer) => bytes + layer.done, 0);
      already ??= done;
      // Ollama looks at its layers again near the end and would count back.
      reported = Math.max(reported, done);
      const seconds = Math.max(0.001, (performance.now() - begun) / 1000);
      onProgress({
        model,
        how: 'pull',
        doneBytes: reported,
        totalBytes: all.reduce((bytes, layer) => bytes + layer.total, 0),
        bytesPerSecond: (reported - already) / seconds,
      });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, host);
  }
}
