import { watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from './store.ts';

/** Writes that come one after another count as one: how long to wait for more, milliseconds. */
const settleMs = 200;

export interface FollowOptions {
  readonly store: Pick<Store, 'path' | 'dataVersion'>;
  /** Called after another process has written to the store, some writes counted as one. */
  readonly onChange: () => void;
  /** Ends the following: follow only while somebody looks. */
  readonly signal: AbortSignal;
}

/**
 * Follows what other processes write to a store: a watcher on the files beside the database says that something was
 * written, `dataVersion` whether another process did. Nothing is asked while nothing is written. Resolves once it
 * follows; ends by itself where the store is closed or its folder goes away.
 */
export async function followStore({ store, onChange, signal }: FollowOptions): Promise<void> {
  let known = await store.dataVersion();
  if (signal.aborted) return;
  const names = new Set(['', '-wal'].map((suffix) => path.basename(store.path) + suffix));
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  let touched = false;
  let looking = false;

  const look = async () => {
    touched = true;
    if (looking) return;
    looking = true;
    try {
      while (touched) {
        await wait(settleMs, undefined, { signal: over, ref: false });
        touched = false;
        const now = await store.dataVersion();
        over.throwIfAborted();
        if (now !== known) onChange();
        known = now;
      }
    } catch {
      ended.abort();
    } finally {
      looking = false;
    }
  };
  const watcher = watch(path.dirname(store.path), { persistent: false }, (_, name) => {
    if (name === null || names.has(name)) void look();
  });
  watcher.on('error', () => ended.abort());
  over.addEventListener('abort', () => watcher.close(), { once: true });
  // For what was written before the watcher stood.
  void look();
}
