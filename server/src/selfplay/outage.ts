import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { PlayError } from './play-error.ts';

/** How long a server that went away is waited for, and the first and longest pause between two looks, milliseconds. */
export interface Patience {
  readonly totalMs: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

export const usualPatience: Patience = { totalMs: 60_000, firstMs: 500, longestMs: 8_000 };

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
  const { totalMs, firstMs, longestMs } = usualPatience;
  const giveUp = performance.now() + totalMs;
  for (let pause = firstMs; performance.now() < giveUp; pause = Math.min(2 * pause, longestMs)) {
    await wait(pause, undefined, { signal });
    if (await isBack(endpoint, revive, signal)) return;
  }
  throw gone(endpoint.host, error);
}

/** Looks once whether the endpoint answers; has it started again where it does not and that can be done. */
export async function isBack(
  endpoint: Endpoint,
  revive: Revive | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await endpoint.probe(signal)).state === 'ready') return true;
  try {
    await revive?.(signal);
  } catch (failure) {
    if (!ModelError.is(failure)) throw failure;
  }
  return false;
}

/** The end of a run whose server stayed away. */
export function gone(host: string, { message }: Error): PlayError {
  return new PlayError('model-gone', `${host} stopped answering (${message}). Start it and resume.`);
}
