import type { Limits } from '../../../../protocol/sandbox.ts';
import { encode } from '../../values/canonical.ts';
import type { Call } from '../../values/value.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Image, ImageEnd, RunMessage, StartImage } from './image.ts';
import type { Share } from './share.ts';
import { Strikes } from './strikes.ts';
import { type Rank, WaitingLine } from './waiting-line.ts';

/** What waits for an image. */
export interface Job {
  readonly program: string;
  readonly entry: string;
  readonly call: Call;
  readonly mode: 'once' | 'twice' | 'trace' | 'cover';
  readonly limits: Limits;
  readonly urgent: boolean;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (end: ImageEnd) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
}

export interface LaneOptions {
  /** Shared by all lanes of a sandbox. */
  readonly share: Share;
  /** Whether a second image is kept ready to take the place of one that ends. */
  readonly spare: boolean;
}

/** Jobs that may wait for one image. */
const maxWaiting = 20_000;

/** How long a run that nobody waits for any more may go on before its image is ended, milliseconds. */
const abandonedMs = 100;

/** Programs that one image runs before another one takes its place, should anything ever add up in it. */
const runsOfImage = 20_000;

/** Programs after which somebody is at work, and a spare image is worth its memory. */
const runsBeforeSpare = 20;

/** One image with its queue: starts it, runs one job at a time, urgent ones first, and replaces it when it ends. */
export class Lane {
  readonly #start: StartImage;
  readonly #options: LaneOptions;
  readonly #waiting = new WaitingLine<Waiting>();
  readonly #strikes = new Strikes();
  readonly #closing = new AbortController();
  #image: Promise<Image> | undefined;
  #spare: Promise<Image | undefined> | undefined;
  #working = false;
  #runs = 0;
  #number = 1;

  constructor(start: StartImage, options: LaneOptions) {
    this.#start = start;
    this.#options = options;
    options.share.onRoom(() => void this.#work());
  }

  /** The image, started where it is not. */
  image(): Promise<Image> {
    this.#image ??= this.#next().catch((error: unknown) => {
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
        this.#waiting.remove(waiting);
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
      this.#waiting.add(waiting, this.#rank(job));
      void this.#work();
    });
  }

  /** Ends the image; the next job gets another one. */
  async discard(): Promise<void> {
    const image = await this.#image?.catch(() => undefined);
    image?.kill();
  }

  async close(): Promise<void> {
    this.#closing.abort(new SandboxError('closed', 'The sandbox was closed.'));
    for (const { reject } of this.#waiting.clear()) reject(this.#closing.signal.reason);
    const images = await Promise.all([this.#image?.catch(() => undefined), this.#spare]);
    for (const image of images) image?.kill();
  }

  #rank({ urgent, program }: Job): Rank {
    if (urgent) return 'urgent';
    return this.#strikes.isStruck(program) ? 'struck' : 'usual';
  }

  /** The spare image, or a new one. */
  async #next(): Promise<Image> {
    const spare = this.#spare;
    this.#spare = undefined;
    this.#runs = 0;
    const image = await spare;
    return image?.alive === true ? image : this.#start(this.#closing.signal);
  }

  #keepSpare(): void {
    if (!this.#options.spare || this.#spare !== undefined || this.#runs < runsBeforeSpare) return;
    // Where it does not start, the next image is started when it is needed, and says why it cannot.
    this.#spare = this.#start(this.#closing.signal).catch(() => undefined);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    const { share } = this.#options;
    try {
      for (;;) {
        const next = this.#waiting.next({ urgentOnly: !share.isFree });
        if (next === undefined) return;
        share.begin();
        try {
          await this.#serve(next);
        } finally {
          share.end();
        }
      }
    } finally {
      this.#working = false;
    }
  }

  /** The image, or another one where it ended while it had nothing to do. */
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
      const end = await image.run(this.#message(job));
      this.#runs += 1;
      this.#strikes.note(job.program, { usedUp: usedUp(end) });
      if (this.#runs >= runsOfImage) image.kill();
      if (!image.alive) this.#image = undefined;
      this.#keepSpare();
      resolve(end);
    } catch (error) {
      reject(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #message({ program, entry, call, mode, limits }: Job): RunMessage {
    this.#number += 1;
    return {
      number: this.#number,
      program,
      entry,
      call: encode({ type: 'tuple', items: call }),
      mode,
      cpuMs: limits.cpuMs,
      wallMs: limits.wallMs,
      memoryMb: limits.memoryMb,
    };
  }
}

function usedUp({ end }: ImageEnd): boolean {
  return end.type === 'died' ? end.late : end.type === 'limit' && end.limit !== 'output';
}
