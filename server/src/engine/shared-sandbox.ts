import { orAborted } from '../or-aborted.ts';
import { type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';

/** One sandbox for all folders: started for its first user, ended with its last. */
export interface SharedSandbox {
  /** The one in use, and why that, in words; empty where there is none. */
  readonly told: string;
  /** Runs `work` with the sandbox. Rejects as `work` does, with `SandboxError` where none starts, or when aborted. */
  use<T>(work: (sandbox: Sandbox) => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Opened {
  readonly sandbox: Promise<Sandbox>;
  readonly stop: AbortController;
  users: number;
}

export function sharedSandbox(create: (signal: AbortSignal) => Promise<Sandbox>): SharedSandbox {
  let current: Opened | undefined;
  const open = (): Opened => {
    const stop = new AbortController();
    return { sandbox: create(stop.signal), stop, users: 0 };
  };
  let told = '';
  return {
    get told() {
      return told;
    },
    async use(work, signal) {
      signal.throwIfAborted();
      current ??= open();
      const opened = current;
      opened.users += 1;
      try {
        const sandbox = await orAborted(opened.sandbox, signal);
        told = tellSandbox(sandbox);
        return await work(sandbox);
      } finally {
        opened.users -= 1;
        if (opened.users === 0) {
          if (current === opened) current = undefined;
          opened.stop.abort();
          await opened.sandbox.then(
            (sandbox) => sandbox.close(),
            () => undefined,
          );
        }
      }
    },
  };
}
