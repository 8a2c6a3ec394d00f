import { orAborted } from '../or-aborted.ts';

/** A batch sample that was given up, unfinished, because a person asks the same server. It has no answer and no reward. */
export class Preempted extends Error {
  constructor(host: string) {
    super(`${host} answers a person first.`);
    this.name = 'Preempted';
  }
}

/**
 * Who may ask one server now. Batch work runs while nobody asks; a person's request begins at once, ends the batch
 * requests that run at their sockets, and keeps others waiting until it is over. Each process has its own.
 */
export class PriorityGate {
  readonly #host: string;
  readonly #batch = new Set<AbortController>();
  #people = 0;
  #free: PromiseWithResolvers<void> | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  /** Batch requests that run now. */
  get batchRunning(): number {
    return this.#batch.size;
  }

  /**
   * Runs batch work once no person asks, with a signal that ends it when one does. Rejects with `Preempted` then, as `work`
   * does, or as `signal` says.
   */
  async batch<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    while (this.#free !== undefined) await orAborted(this.#free.promise, signal);
    signal.throwIfAborted();
    const stop = new AbortController();
    this.#batch.add(stop);
    try {
      return await work(AbortSignal.any([signal, stop.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (stop.signal.aborted) throw new Preempted(this.#host);
      throw error;
    } finally {
      this.#batch.delete(stop);
    }
  }

  /** Runs a person's work now. Settles as `work` does. */
  async person<T>(work: () => Promise<T>): Promise<T> {
    this.#people += 1;
    this.#free ??= Promise.withResolvers();
    for (const running of this.#batch) running.abort();
    try {
      return await work();
    } finally {
      this.#people -= 1;
      if (this.#people === 0) {
        this.#free?.resolve();
        this.#free = undefined;
      }
    }
  }
}

const gates = new Map<string, PriorityGate>();

/** The one gate of a server in this process: whoever asks that server by whatever way meets the others there. */
export function gateOf(host: string): PriorityGate {
  const known = gates.get(host) ?? new PriorityGate(host);
  gates.set(host, known);
  return known;
}
