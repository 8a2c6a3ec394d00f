import type { Backend, Limits } from '../../../../protocol/sandbox.ts';

/** One run, to an image. */
export interface RunMessage {
  readonly number: number;
  readonly program: string;
  readonly entry: string;
  /** The argument tuple in canonical form. */
  readonly call: Uint8Array;
  readonly mode: 'once' | 'twice' | 'trace';
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryMb: number;
}

/** How a run ended, from the image; `frame` is the harness's result. */
export type RunEnd =
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  | { readonly type: 'limit'; readonly limit: 'cpu' | 'wall' | 'output' }
  | { readonly type: 'violation'; readonly what: string }
  /** The program's process ended by itself or by a signal, or its interpreter broke. */
  | { readonly type: 'trap'; readonly what: string };

/** How a run ended, or how the whole image did. */
export type ImageEnd =
  | { readonly end: RunEnd; readonly cpuMs: number }
  | {
      readonly end: { readonly type: 'died'; readonly signal: string; readonly late: boolean };
      readonly cpuMs: number;
    };

/** An interpreter in a process of its own, which is as new for each program. */
export interface Image {
  /** Version of what isolates. */
  readonly version: string;
  /** Version of Python. */
  readonly python: string;
  /** Whether it can run another program. */
  readonly alive: boolean;
  /** Runs one program. One at a time: the caller waits for the end of the one before. */
  run(message: RunMessage): Promise<ImageEnd>;
  kill(): void;
}

/** Everything in which the images of a sandbox differ, so that programs that depend on it show. */
export interface ImageVariant {
  readonly hashSeed: number;
  /** Added to the clock, milliseconds. */
  readonly clockOffsetMs: number;
  /** Its name in the time zone database, and as `TZ` says it without one. */
  readonly timeZone: string;
  readonly posixTimeZone: string;
  readonly home: string;
  /** Where a program stands, where there are folders: one that every system has. */
  readonly workFolder: string;
  /** Bytes allocated first, so that addresses differ. */
  readonly padding: number;
}

/** A way to have images. */
export interface ImageBackend {
  readonly name: Backend['name'];
  /** Bounds of a run that asks for none. */
  readonly limits: Limits;
  /** Starts one image each; they differ in everything that a program should not depend on. */
  images(limits: Limits): readonly [StartImage, ...StartImage[]];
}

export type StartImage = (signal: AbortSignal) => Promise<Image>;

/**
 * The images differ in everything that a deterministic program must not depend on. Three, because two agree by chance on one
 * in five things like the order of a small set.
 */
export const imageVariants: readonly [ImageVariant, ImageVariant, ImageVariant] = [
  {
    hashSeed: 1,
    clockOffsetMs: 0,
    timeZone: 'UTC',
    posixTimeZone: 'UTC0',
    home: '/home/a',
    workFolder: '/',
    padding: 64,
  },
  {
    hashSeed: 7919,
    clockOffsetMs: 9_999_999_999,
    timeZone: 'Asia/Kathmandu',
    posixTimeZone: 'NPT-5:45',
    home: '/home/bb',
    workFolder: '/usr',
    padding: 70_001,
  },
  {
    hashSeed: 4_104_959_191,
    clockOffsetMs: -86_400_123,
    timeZone: 'America/St_Johns',
    posixTimeZone: 'NST3:30NDT',
    home: '/tmp/c',
    workFolder: '/usr/lib',
    padding: 1_300_013,
  },
];
