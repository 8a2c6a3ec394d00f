import { afterAll, beforeAll, vi } from 'vitest';
import { createMiner, type Miner } from '../../server/src/engine/mining-thread/miner.ts';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import type { ServerParts } from '../../server/src/server.ts';

/** One real sandbox and one real mining thread for all servers of a test file: starting them takes seconds. */
export function useSandbox(): { readonly parts: Omit<ServerParts, 'env'>; started(): number } {
  let sandbox: Sandbox | undefined;
  const thread = createMiner({ env: {} });
  let started = 0;
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    const { signal } = new AbortController();
    sandbox = await createSandbox({}, signal);
    // The second and third image start with the first that is verified.
    await sandbox.verify({ program: 'def f():\n    return 1\n', entry: 'f', call: [] }, signal);
  }, 120_000);
  afterAll(async () => {
    await thread.close();
    await sandbox?.close();
  });
  // They outlive the server that uses them.
  const close = async () => undefined;
  const miner: Miner = {
    mine: (...order) => {
      started += 1;
      return thread.mine(...order);
    },
    close,
  };
  const sharedSandbox = async () => {
    started += 1;
    if (sandbox === undefined) throw new Error('The sandbox is open only while tests run.');
    return { ...sandbox, close };
  };
  return {
    parts: { createSandbox: sharedSandbox, miner },
    /** How often a server asked for them. */
    started: () => started,
  };
}
