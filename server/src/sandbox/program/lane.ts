import type { Limits } from '../../../../protocol/sandbox.ts';
import { encode } from '../../values/canonical.ts';
import type { Call } from '../../values/value.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Image, ImageEnd } from './image.ts';

/** What waits for an image. */
export interface Job {
  readonly program: string;
  readonly entry: string;
  readonly call: Call;
  readonly mode: 'once' | 'twice' | 'trace';
  readonly limits: Limits;
  readonly urgent: boolean;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (end: ImageEnd) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Jobs that may wait for one image. */
const maxWaiting = 20_000;

/** How long a run that nobody waits for any more may go on before its image is ended, milliseconds. */
const abandonedMs = 100;

/** One image with its queue: starts it, runs one job at a time, urgent ones first, and replaces it when it dies. */
export class Lane {
  readonly #start: (signal: AbortSignal) => Promise<Image>;
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  #image: Promise<Image> | undefined;
  #working = false;
  #number = 1;

  constructor(start: (signal: AbortSignal) => Promise<Image>) {
    this.#start = start;
  }

  /** The image, started where it is not. */
  image(): Promise<Image> {
    this.#image ??= this.#start(this.#closing.signal).catch((error: unknown) => {
      this.#image = undefined;
      throw error;
    });
    return this.#image;
  }

  run(job: Job, signal: AbortSignal): Promise<ImageEnd> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.#closing.signal.aborted)
      return Promise.reject(new SandboxError('closed', 'The sandbox was closed.'));
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(new SandboxError('overloaded', `${maxWaiting} programs wait already.`));
    }
    return new Promise((resolve, reject) => {
      const abort = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at !== -1) this.#waiting.splice(at, 1);
        reject(signal.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', abort);
          settle(value);
        };
      const waiting: Waiting = { job, signal, resolve: settled(resolve), reject: settled(reject) };
      signal.addEventListener('abort', abort, { once: true });
      const firstPatient = this.#waiting.findIndex((other) => !other.job.urgent);
      if (job.urgent && firstPatient !== -1) this.#waiting.splice(firstPatient, 0, waiting);
      else this.#waiting.push(waiting);
      void this.#work();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort(new SandboxError('closed', 'The sandbox was closed.'));
    for (const { reject } of this.#waiting.splice(0)) reject(this.#closing.signal.reason);
    const image = await this.#image?.catch(() => undefined);
    image?.kill();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
        await this.#serve(next);
    } finally {
      this.#working = false;
    }
  }

  /** The image, or a new one where it ended while it had nothing to do. */
  async #living(): Promise<Image> {
    const image = await this.image();
    if (image.alive) return image;
    this.#image = undefined;
    return this.image();
  }

  async #serve({ job, signal, resolve, reject }: Waiting): Promise<void> {
    const abandoned = () => setTimeout(() => void this.#image?.then((image) => image.kill()), abandonedMs);
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      timer = abandoned();
    };
    try {
      const image = await this.#living();
      if (signal.aborted) return;
      signal.addEventListener('abort', abort, { once: true });
      this.#number += 1;
      const { program, entry, call, mode, limits } = job;
      const message = {
        number: this.#number,
        program,
        entry,
        mode,
        cpuMs: limits.cpuMs,
        wallMs: limits.wallMs,
        memoryMb: limits.memoryMb,
      };
      const end = await image.run({ ...message, call: encode({ type: 'tuple', items: call }) });
      if (!image.alive) this.#image = undefined;
      resolve(end);
    } catch (error) {
      reject(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
}
