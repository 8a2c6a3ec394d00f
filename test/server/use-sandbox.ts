import { afterAll, beforeAll, vi } from 'vitest';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import type { ServerParts } from '../../server/src/server.ts';

/** One real sandbox for all servers of a test file: starting one takes seconds. */
export function useSandbox(): { readonly createSandbox: ServerParts['createSandbox']; started(): number } {
  let sandbox: Sandbox | undefined;
  let started = 0;
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    const { signal } = new AbortController();
    sandbox = await createSandbox({}, signal);
    // The second and third image start with the first that is verified.
    await sandbox.verify({ program: 'def f():\n    return 1\n', entry: 'f', call: [] }, signal);
  }, 120_000);
  afterAll(() => sandbox?.close());
  return {
    createSandbox: async () => {
      started += 1;
      if (sandbox === undefined) throw new Error('The sandbox is open only while tests run.');
      // It outlives the server that uses it.
      return { ...sandbox, close: async () => undefined };
    },
    /** How often a server asked for it. */
    started: () => started,
  };
}
