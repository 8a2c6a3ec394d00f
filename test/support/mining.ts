import { afterAll, beforeAll } from 'vitest';
import { type MineEvent, type MineOptions, mine } from '../../server/src/mining/mine.ts';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { temporaryFolder } from './temporary-folder.ts';

const { signal } = new AbortController();

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Made-up calls have tests of their own. */
const sources = ['doctest', 'test', 'code'] as const;
/** So are splits: `splits.test.ts`. */
const split = { by: 'none' } as const;

/** Mines folders in the real sandbox, which is started before the tests of a file and closed after them. */
export function useMining() {
  let sandbox: Sandbox | undefined;
  const running = (): Sandbox => {
    if (sandbox === undefined) throw new Error('The sandbox was not started.');
    return sandbox;
  };
  beforeAll(async () => {
    sandbox = await createSandbox({}, signal);
    // All of its images start now, not in the time of the first test.
    await sandbox.verify({ program: 'def f(): return 1\n', entry: 'f', call: [] }, signal);
  }, 60_000);
  afterAll(() => sandbox?.close());
  const start = (folder: string, options: Partial<MineOptions> = {}) => {
    const usual = { sources, split, exclude: [], maxFiles: 100, maxFileBytes: 10_000 };
    return mine({ folder, ...usual, sandbox: running(), ...options }, signal);
  };
  return {
    sandbox: running,
    start,
    mineFiles: async (files: Files, options: Partial<MineOptions> = {}) =>
      sortEvents(await Array.fromAsync(start(await temporaryFolder(files), options))),
  };
}

/** The seeds and losses among events, in full and in few words. */
export function sortEvents(events: readonly MineEvent[]) {
  const seeds = events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
  const losses = events.flatMap((event) => (event.type === 'loss' ? [event] : []));
  return {
    events,
    seeds,
    brief: seeds.map(({ entry, call, output }) => `${entry}${call} = ${output}`),
    losses: losses.map(({ symbol, loss }) => `${symbol ?? 'file'}: ${loss}`),
  };
}
