import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { PlayError } from './play-error.ts';

/** How long a run waits for a model server that went away, and between its looks, milliseconds. */
const patience = { totalMs: 60_000, firstMs: 500, longestMs: 8_000 } as const;

/** Starts the endpoint's server again where it is ours to start; whether it could does not matter here. */
export type Revive = (signal: AbortSignal) => Promise<unknown>;

/**
 * Waits until the endpoint answers again after a failed request, and has it started again where that can be done. Rejects
 * with `model-gone` when it does not answer.
 */
export async function outage(
  error: ModelError,
  endpoint: Endpoint,
  revive: Revive | undefined,
  signal: AbortSignal,
): Promise<void> {
  const giveUp = performance.now() + patience.totalMs;
  for (
    let pause: number = patience.firstMs;
    performance.now() < giveUp;
    pause = Math.min(2 * pause, patience.longestMs)
  ) {
    await wait(pause, undefined, { signal });
    if ((await endpoint.probe(signal)).state === 'ready') return;
    try {
      await revive?.(signal);
    } catch (failure) {
      if (!ModelError.is(failure)) throw failure;
    }
  }
  throw new PlayError(
    'model-gone',
    `${endpoint.host} stopped answering (${error.message}). Start it and resume.`,
  );
}
