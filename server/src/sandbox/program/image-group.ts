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

  /** One after another: a program takes one processor, however many images run it. */
  async run(message: RunMessage): Promise<ImageEnd> {
    const ends: RunEnd[] = [];
    let cpuMs = 0;
    for (const image of this.#images) {
      const { end, cpuMs: spent } = await image.run(message);
      if (end.type === 'died') return { end, cpuMs: spent };
      ends.push(end);
      cpuMs = spent;
      if (end.type !== 'frame') break;
    }
    const [first = { type: 'drifts' }, ...others] = ends;
    return { end: agreedEnd([first, ...others]), cpuMs };
  }

  kill(): void {
    for (const image of this.#images) image.kill();
  }
}
