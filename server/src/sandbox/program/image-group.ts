import { agreedEnd } from './agreed-end.ts';
import type { Image, ImageEnd, RunEnd, RunMessage, StartImage } from './image.ts';

/** Several images as one: a program runs in all of them, and ends as they agree that it does. */
export class ImageGroup implements Image {
  readonly #images: readonly [Image, ...Image[]];

  private constructor(images: readonly [Image, ...Image[]]) {
    this.#images = images;
  }

  /** Starts all of them. Rejects as the first does that does not start; the others are ended then. */
  static async start(starts: readonly StartImage[], signal: AbortSignal): Promise<ImageGroup> {
    const started = await Promise.allSettled(starts.map((start) => start(signal)));
    const images = started.flatMap((image) => (image.status === 'fulfilled' ? [image.value] : []));
    const failed = started.find((image) => image.status === 'rejected');
    const [first, ...others] = images;
    if (failed === undefined && first !== undefined) return new ImageGroup([first, ...others]);
    for (const image of images) image.kill();
    throw failed?.reason ?? new TypeError('A group has at least one image.');
  }

  get version(): string {
    return this.#images[0].version;
  }

  get python(): string {
    return this.#images[0].python;
  }

  get alive(): boolean {
    return this.#images.every((image) => image.alive);
  }

  async run(message: RunMessage): Promise<ImageEnd> {
    const [first, ...others] = await Promise.all(this.#images.map((image) => image.run(message)));
    if (first === undefined) throw new TypeError('A group has at least one image.');
    const all = [first, ...others];
    const died = all.find((one) => one.end.type === 'died');
    if (died !== undefined) return died;
    const ends = all.map((one) => one.end as RunEnd);
    return { end: agreedEnd([ends[0] ?? { type: 'drifts' }, ...ends.slice(1)]), cpuMs: first.cpuMs };
  }

  kill(): void {
    for (const image of this.#images) image.kill();
  }
}
