import { Worker } from 'node:worker_threads';
import { entryPoint } from '../../entry-point.ts';
import type { FromMiningThread, MineEnd, MineNews, MiningThreadData, ToMiningThread } from './messages.ts';

/** A thread that is told to stop and does not is ended after so long, milliseconds. */
const patienceMs = 900;

interface Going {
  readonly onNews: (news: MineNews) => void;
  readonly resolve: (end: MineEnd) => void;
  readonly signal: AbortSignal;
}

type Order = Omit<Extract<ToMiningThread, { type: 'mine' }>, 'type' | 'number'>;

/** The thread that mines, seen from the one that answers. */
export class MiningThread {
  readonly #worker: Worker;
  readonly #heapMb: number;
  readonly #exited: Promise<void>;
  readonly #going = new Map<number, Going>();
  #last = 0;
  #error: unknown;

  /** `onOver` is called as soon as it can mine no more. */
  constructor(data: MiningThreadData, heapMb: number, onOver: () => void) {
    this.#heapMb = heapMb;
    const worker = new Worker(entryPoint('mining'), {
      workerData: data,
      name: 'autodidact-mining',
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    // What mines lasts no longer than the process that wants it.
    worker.unref();
    worker.on('message', (message: FromMiningThread) => this.#hear(message));
    worker.on('error', (error) => {
      this.#error = error;
      onOver();
    });
    this.#exited = new Promise((resolve) =>
      worker.on('exit', () => {
        onOver();
        // Not before: its sandbox ends with it, and nobody else may mine the folder meanwhile.
        for (const number of [...this.#going.keys()]) this.#end(number, this.#broken(number));
        resolve();
      }),
    );
    this.#worker = worker;
  }

  /** Whether something is mined. */
  get busy(): boolean {
    return this.#going.size > 0;
  }

  /** Mines, until it is done or cancelled or the thread has ended. Never rejects. */
  async mine(order: Order, onNews: (news: MineNews) => void, signal: AbortSignal): Promise<MineEnd> {
    this.#last += 1;
    const number = this.#last;
    let impatient: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.#tell({ type: 'cancel', number });
      impatient = setTimeout(() => {
        // What else is mined there would be lost with it.
        if (this.#going.size === 1) void this.#worker.terminate();
      }, patienceMs);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise((resolve) => {
        this.#going.set(number, { onNews, resolve, signal });
        this.#worker.postMessage({ type: 'mine', number, ...order } satisfies ToMiningThread, [order.store]);
      });
    } finally {
      // Also where it could not be sent.
      this.#going.delete(number);
      signal.removeEventListener('abort', cancel);
      clearTimeout(impatient);
    }
  }

  /** Ends the thread with all that it holds. Never rejects. */
  async end(): Promise<void> {
    this.#tell({ type: 'end' });
    const impatient = setTimeout(() => void this.#worker.terminate(), patienceMs);
    await this.#exited;
    clearTimeout(impatient);
  }

  #tell(message: ToMiningThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromMiningThread): void {
    if ('end' in message) this.#end(message.number, message.end);
    else this.#going.get(message.number)?.onNews(message.news);
  }

  #end(number: number, end: MineEnd): void {
    const going = this.#going.get(number);
    this.#going.delete(number);
    going?.resolve(end);
  }

  /** How a mining ended that the thread did not end itself. */
  #broken(number: number): MineEnd {
    if (this.#going.get(number)?.signal.aborted === true) return { outcome: 'cancelled' };
    const error = this.#error;
    const detail = isOutOfMemory(error)
      ? `Mining needed more than ${this.#heapMb} MB of memory and was ended. What it found is kept. Leave folders out: autodidact.mining.exclude.`
      : `Mining broke down: ${error instanceof Error ? error.message : 'its thread was ended'}. What it found is kept. Mine again.`;
    const text = error instanceof Error ? (error.stack ?? error.message) : detail;
    return { outcome: 'failed', problem: { reason: 'failed', detail }, text };
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
