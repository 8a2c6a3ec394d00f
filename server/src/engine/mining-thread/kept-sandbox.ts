import { once } from 'node:events';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SandboxChoice } from '../sandbox-choice.ts';
import { type SharedSandbox, sharedSandbox } from '../shared-sandbox.ts';

interface Kept {
  readonly choice: string;
  readonly shared: SharedSandbox;
  readonly hold: AbortController;
  /** Resolves once it is let go, and closed where nobody else uses it. */
  readonly held: Promise<void>;
}

/**
 * The sandbox of several minings, at once or one after another: it stays open after the last, so that the next need not wait for it.
 * Another choice opens another one. It is not kept where a mining failed, nor with installed packages, which may be others by then.
 */
export class KeptSandbox {
  readonly #create: (choice: SandboxChoice, signal: AbortSignal) => Promise<Sandbox>;
  #kept: Kept | undefined;

  constructor(create: (choice: SandboxChoice, signal: AbortSignal) => Promise<Sandbox>) {
    this.#create = create;
  }

  /** Runs `work` with the sandbox. Rejects as `work` does, with `SandboxError` where none starts, or when aborted. */
  async use<T>(
    choice: SandboxChoice,
    work: (sandbox: Sandbox) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    const kept = this.#keep(choice);
    try {
      const result = await kept.shared.use(work, signal);
      if (choice.packages) this.#letGo(kept);
      return result;
    } catch (error) {
      if (!signal.aborted || choice.packages) this.#letGo(kept);
      throw error;
    }
  }

  /** Lets go of what is kept; it is closed once nobody uses it. */
  async close(): Promise<void> {
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#letGo(kept);
    await kept.held;
  }

  #keep(choice: SandboxChoice): Kept {
    const name = JSON.stringify(choice);
    if (this.#kept?.choice === name) return this.#kept;
    if (this.#kept !== undefined) this.#letGo(this.#kept);
    const shared = sharedSandbox((signal) => this.#create(choice, signal));
    const hold = new AbortController();
    // It has one user more than there are minings, until it is let go. Where none starts, its other users are told.
    const held = shared
      .use(() => once(hold.signal, 'abort'), hold.signal)
      .then(
        () => undefined,
        () => undefined,
      );
    const kept = { choice: name, shared, hold, held };
    this.#kept = kept;
    return kept;
  }

  #letGo(kept: Kept): void {
    kept.hold.abort();
    if (this.#kept === kept) this.#kept = undefined;
  }
}
