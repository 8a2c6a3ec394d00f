import os from 'node:os';
import type { Store } from '../../store/store.ts';
import type { MineEnd, MineNews, MineRequest } from './messages.ts';
import { MiningThread } from './mining-thread.ts';

export interface MinerOptions {
  /** Where programs are found and caches are, for the sandbox. */
  readonly env: NodeJS.ProcessEnv;
  /** The most that JavaScript's objects may take in the thread, MB. */
  readonly heapMb?: number;
  /** The thread ends when nothing was mined for so long, milliseconds. */
  readonly idleMs?: number;
}

/** What a mining needs of this thread. */
export interface MinerParts {
  readonly store: Pick<Store, 'share' | 'path'>;
  readonly onNews: (news: MineNews) => void;
}

/** Mines in one thread of its own, which starts with the first mining. */
export interface Miner {
  /**
   * Mines into the store. Where the thread breaks down, all that goes on in it has failed, and the next mining starts another one; what
   * was in the store stays. Rejects with `StoreError` where the store is closed.
   */
  mine(request: MineRequest, parts: MinerParts, signal: AbortSignal): Promise<MineEnd>;
  /** Ends the thread, and whatever goes on in it. */
  close(): Promise<void>;
}

const usualIdleMs = 60_000;

/** As much as Node itself would take at most, and no more than half of the machine. */
const usualHeapMb = Math.min(4_096, Math.floor(os.totalmem() / 2 ** 20 / 2));

export function createMiner({ env, heapMb = usualHeapMb, idleMs = usualIdleMs }: MinerOptions): Miner {
  let thread: MiningThread | undefined;
  let idle: NodeJS.Timeout | undefined;
  const start = (): MiningThread => {
    const started = new MiningThread({ env: { ...env } }, heapMb, () => {
      if (thread === started) thread = undefined;
    });
    return started;
  };
  const close = async () => {
    clearTimeout(idle);
    const ending = thread;
    thread = undefined;
    await ending?.end();
  };
  return {
    async mine(request, { store, onNews }, signal) {
      const port = await store.share();
      if (signal.aborted) {
        port.close();
        return { outcome: 'cancelled' };
      }
      clearTimeout(idle);
      thread ??= start();
      const its = thread;
      const result = await its.mine({ request, store: port, storePath: store.path }, onNews, signal);
      if (its === thread && !its.busy) {
        clearTimeout(idle);
        idle = setTimeout(() => void close(), idleMs);
        idle.unref();
      }
      return result;
    },
    close,
  };
}
