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
async function deliverAll({ target, clock, enter, onDelivered, ...run }: Delivering): Promise<void> {
  const { store, ended, closing } = run;
  /** Waits unless closing: true where it waited to the end. */
  const pause = async (ms: number) => {
    const until = AbortSignal.any([ended, closing]);
    return !until.aborted && (await clock.sleep(ms, until).then(yes, no));
  };
  let failures = 0;
  let most: number = batchLimits.groups;
  while (!ended.aborted) {
    const step = await nextDelivery(store, target, { most, enter, ended });
    if (step === 'aborted') return;
    if (step === 'empty') {
      enter({ state: 'idle' });
      if (!(await pause(idleMs)) && closing.aborted && (await isEmpty(store))) return;
      continue;
    }
    const { batch, delivery } = step;
    if (delivery.outcome === 'delivered') {
      failures = 0;
      most = Math.min(batchLimits.groups, most * 2);
      onDelivered(batch.length);
    } else if (delivery.outcome === 'too-large' && batch.length > 1) {
      most = Math.floor(batch.length / 2);
    } else if (delivery.outcome === 'later') {
      failures += 1;
      const { reason, detail } = delivery;
      const ms = backoff(failures, clock.random, delivery.afterMs);
      enter({ state: 'waiting', reason, detail, retryAt: clock.now() + ms });
      if (!(await pause(ms))) return;
    } else {
      const reason = delivery.outcome === 'stop' ? delivery.reason : delivery.outcome;
      return enter({ state: 'stopped', reason, detail: delivery.detail });
    }
  }
}
