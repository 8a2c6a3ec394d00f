import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { backoff } from './backoff.ts';
import { type Batch, batchLimits, makeBatch } from './batch.ts';
import type { Environment } from './bearer-token.ts';
import { openTarget } from './open-target.ts';
import type { Delivery, LaterReason, StopReason, Target } from './target.ts';

/** How a stream stands. Whatever it is, groups that were not acknowledged stay in the outbox. */
export type StreamState =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly groups: number }
  /** The last try failed; the next is at `retryAt`, milliseconds since 1970. */
  | {
      readonly state: 'waiting';
      readonly reason: LaterReason;
      readonly detail: string;
      readonly retryAt: number;
    }
  /** Until a person did what `detail` says, and started it again. */
  | { readonly state: 'stopped'; readonly reason: StopReason; readonly detail: string }
  | { readonly state: 'closed' };

/** What of time and chance a stream uses. */
export interface StreamClock {
  now(): number;
  /** Rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

export interface StreamOptions {
  readonly store: Pick<Store, 'outgoing' | 'acknowledge' | 'audit'>;
  /** A file, or an http or https address. */
  readonly target: string;
  /** Where the token and the proxies are looked up. */
  readonly env: Environment;
  /** Ends the stream at once, also in the middle of a delivery. */
  readonly signal: AbortSignal;
  readonly onState?: (state: StreamState) => void;
  readonly clock?: StreamClock;
}

export interface Stream {
  readonly state: StreamState;
  /** Groups that the target has acknowledged. */
  readonly delivered: number;
  /** Sends what waits, unless the target fails or ten seconds go by, and ends. What is left goes with the next stream. */
  close(): Promise<void>;
}

/** How often the outbox is looked at while it is empty, milliseconds. */
const idleMs = 500;
/** How long `close` waits for what is still to be sent, milliseconds. */
const drainMs = 10_000;

const realClock: StreamClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  random: () => Math.random(),
};

/**
 * Streams the groups in a store's outbox to a file or an address, oldest first, one delivery at a time: each at least
 * once, and to be told apart by its id. Memory holds one delivery; the rest waits in the store. Rejects with
 * `StreamError` where the target cannot be used at all; what happens later is in `state`.
 */
export async function startStream(options: StreamOptions): Promise<Stream> {
  const { store, env, signal, onState, clock = realClock } = options;
  const target = await openTarget(options.target, env);
  const end = new AbortController();
  const ended = AbortSignal.any([signal, end.signal]);
  const closing = new AbortController();
  let state: StreamState = { state: 'idle' };
  let delivered = 0;
  const enter = (next: StreamState) => {
    if (next.state === 'idle' && state.state === 'idle') return;
    state = next;
    onState?.(next);
  };
  const onDelivered = (groups: number) => {
    delivered += groups;
  };
  const running = deliverAll({ store, target, clock, enter, onDelivered, ended, closing: closing.signal });
  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    const timer = setTimeout(() => end.abort(), drainMs);
    await running;
    clearTimeout(timer);
    await target.close();
    if (state.state !== 'stopped') enter({ state: 'closed' });
  };
  return {
    get state() {
      return state;
    },
    get delivered() {
      return delivered;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

interface Delivering {
  readonly store: StreamOptions['store'];
  readonly target: Target;
  readonly clock: StreamClock;
  readonly enter: (state: StreamState) => void;
  readonly onDelivered: (groups: number) => void;
  readonly ended: AbortSignal;
  readonly closing: AbortSignal;
}

/** Delivers until ended, stopped, or closing with nothing more to be done. Never rejects. */
async function deliverAll(run: Delivering): Promise<void> {
  const { clock, enter, onDelivered, ended, closing } = run;
  let failures = 0;
  let most: number = batchLimits.groups;
  while (!ended.aborted) {
    const isLast = closing.aborted;
    const { groups, delivery } = await deliverNext(run, most);
    if (ended.aborted) return;
    switch (delivery.outcome) {
      case 'nothing':
        enter({ state: 'idle' });
        if (isLast) return;
        await pause(idleMs, run);
        break;
      case 'delivered':
        failures = 0;
        most = Math.min(batchLimits.groups, most * 2);
        onDelivered(groups);
        break;
      case 'too-large':
        if (groups === 1) return enter({ state: 'stopped', reason: 'too-large', detail: delivery.detail });
        most = Math.floor(groups / 2);
        break;
      case 'later': {
        failures += 1;
        const { reason, detail, afterMs } = delivery;
        const ms = backoff(failures, clock.random, afterMs);
        enter({ state: 'waiting', reason, detail, retryAt: clock.now() + ms });
        if (isLast) return;
        await pause(ms, run);
        break;
      }
      case 'stop':
        return enter({ state: 'stopped', reason: delivery.reason, detail: delivery.detail });
    }
  }
}

/** Waits until the time is over, the stream ends or is being closed. */
async function pause(ms: number, { clock, ended, closing }: Delivering): Promise<void> {
  const until = AbortSignal.any([ended, closing]);
  if (!until.aborted) await clock.sleep(ms, until).catch(() => undefined);
}

/** Delivers the oldest groups, at most `most`, and has the store acknowledge what the target has. Never rejects. */
async function deliverNext(
  { store, target, enter, ended }: Delivering,
  most: number,
): Promise<{ groups: number; delivery: Delivery | { outcome: 'nothing' } }> {
  let groups = 0;
  try {
    const batch = makeBatch(await store.outgoing(most), most);
    groups = batch.length;
    if (groups === 0) return { groups, delivery: { outcome: 'nothing' } };
    enter({ state: 'sending', groups });
    const delivery = await target.deliver(batch, ended);
    if (delivery.outcome === 'delivered') await acknowledge(batch, store, target);
    return { groups, delivery };
  } catch (error) {
    return { groups, delivery: storeFailed(error) };
  }
}

async function acknowledge(batch: Batch, store: StreamOptions['store'], { name }: Target): Promise<void> {
  for (const { position } of batch) await store.acknowledge(position);
  await store.audit({ what: 'streamed', detail: { target: name, groups: batch.map(({ id }) => id) } });
}

/** A full disk or a lock passes; anything else of the store does not. What was delivered is then sent once more. */
function storeFailed(error: unknown): Delivery {
  const detail = error instanceof Error ? error.message : String(error);
  if (StoreError.is(error, 'disk-full', 'locked')) return { outcome: 'later', reason: 'store', detail };
  return { outcome: 'stop', reason: 'store', detail };
}
