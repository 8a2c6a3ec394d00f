import type { Backend, Limits } from '../../../../protocol/sandbox.ts';

/** One run, to an image. */
export interface RunMessage {
  readonly number: number;
  readonly program: string;
  readonly entry: string;
  /** The argument tuple in canonical form. */
  readonly call: Uint8Array;
  readonly mode: 'once' | 'twice' | 'trace' | 'cover';
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryMb: number;
}

/** How a run ended, from the image; `frame` is the harness's result. */
export type RunEnd =
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  | { readonly type: 'limit'; readonly limit: 'cpu' | 'wall' | 'output' }
  | { readonly type: 'violation'; readonly what: string }
  /** Images that run it together do not agree. */
  | { readonly type: 'drifts' }
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

/** A way to have images. */
export interface ImageBackend {
  readonly name: Backend['name'];
  /** Bounds of a run that asks for none. */
  readonly limits: Limits;
  /** Modules at the top of installed packages that its programs can import. */
  readonly packages: ReadonlySet<string>;
  /** The ways to start the images of `imageVariants`, and one that stands for all of `furtherVariants`. */
  images(limits: Limits): {
    readonly each: readonly [StartImage, ...StartImage[]];
    readonly further: StartImage;
  };
}

export type StartImage = (signal: AbortSignal) => Promise<Image>;
