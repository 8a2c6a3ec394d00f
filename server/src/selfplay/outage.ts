import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint } from '../model/endpoint.ts';
import type { ModelError } from '../model/model-error.ts';
import { PlayError } from './play-error.ts';

/** How long a run waits for a model server that went away, and between its looks, milliseconds. */
const patience = { totalMs: 60_000, firstMs: 500, longestMs: 8_000 } as const;

/** Waits until the endpoint answers again after a failed request. Rejects with `model-gone` when it does not. */
export async function outage(error: ModelError, endpoint: Endpoint, signal: AbortSignal): Promise<void> {
  const giveUp = performance.now() + patience.totalMs;
  for (
    let pause: number = patience.firstMs;
    performance.now() < giveUp;
    pause = Math.min(2 * pause, patience.longestMs)
  ) {
    await wait(pause, undefined, { signal });
    if ((await endpoint.probe(signal)).state === 'ready') return;
  }
  throw new PlayError(
    'model-gone',
    `${endpoint.host} stopped answering (${error.message}). Start it and resume.`,
  );
}
