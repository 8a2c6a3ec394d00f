import type { Store } from '../store/store.ts';
import { PlayError } from './play-error.ts';

/** A held lease is void after 10 s; renewing five times as often leaves room for a busy machine. */
const heartbeatMs = 2_000;

export interface HeldLease {
  /** Fires when another process took the lease over. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes the store's lease and keeps it until released. Rejects with `other-player` where somebody else plays. */
export async function holdLease(store: Store, takeOver: boolean): Promise<HeldLease> {
  const taken = await store.takeLease({ takeOver });
  if (!taken.held) {
    const message = `Process ${taken.by.pid} plays this folder already. Pause it there, or take over with --take-over.`;
    throw new PlayError('other-player', message);
  }
  const lost = new AbortController();
  const timer = setInterval(() => {
    store.renewLease().then(
      (held) => {
        if (!held) lost.abort();
      },
      (error: unknown) => lost.abort(error),
    );
  }, heartbeatMs);
  timer.unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      if (!lost.signal.aborted) await store.releaseLease();
    },
  };
}
