import { setTimeout as wait } from 'node:timers/promises';
import { play } from '../../server/src/selfplay/play.ts';
import { median, spread } from '../statistics.ts';
import type { BenchParts } from './prepared-store.ts';

/** The longest that a run plays before it is stopped, milliseconds. */
const longestMs = 8_000;

/** Prints how long a run goes on after its signal, at moments by chance after its first group. */
export async function measureStops(count: number, parts: BenchParts): Promise<void> {
  const { store: open, ...rest } = parts;
  const store = await open('stops');
  const took: number[] = [];
  try {
    for (let stop = 0; stop < count; stop += 1) {
      const stopping = new AbortController();
      const began = Promise.withResolvers<void>();
      const running = play(
        { folder: parts.folder, model: parts.model, randomSeed: stop, stream: false },
        { ...rest, store, onEvent: ({ type }) => void (type === 'group' && began.resolve()) },
        stopping.signal,
      );
      await Promise.race([began.promise, running]);
      await wait(Math.random() * longestMs);
      const asked = performance.now();
      stopping.abort();
      const { state, reason } = await running;
      took.push((performance.now() - asked) / 1000);
      if (reason !== 'stopped') throw new Error(`A run ended by itself: ${state}, ${reason}.`);
    }
  } finally {
    await store.close();
  }
  console.log(
    `stopped within, s                  ${median(took).toFixed(2)} (${spread(took)}), ${count} stops`,
  );
}
