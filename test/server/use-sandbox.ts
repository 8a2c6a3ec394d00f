import { afterAll, beforeAll } from 'vitest';
import { createSandbox } from '../../server/src/sandbox/create-sandbox.ts';
import type { Sandbox } from '../../server/src/sandbox/sandbox.ts';
import type { ServerParts } from '../../server/src/server.ts';

/** One real sandbox for all servers of a test file: starting one takes seconds. */
export function useSandbox(): { readonly createSandbox: ServerParts['createSandbox']; started(): number } {
  let sandbox: Sandbox | undefined;
  let started = 0;
  beforeAll(async () => {
    sandbox = await createSandbox({}, new AbortController().signal);
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
