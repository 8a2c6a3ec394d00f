/** What an image is started with: everything in which images of one sandbox differ, so that drifting programs show. */
export interface ImageOptions {
  /** Folder of Pyodide and path of the harness. */
  readonly pyodide: string;
  readonly harness: string;
  readonly watchdog: string;
  readonly hashSeed: number;
  /** Added to the clock, milliseconds. */
  readonly clockOffsetMs: number;
  readonly timeZone: string;
  readonly home: string;
  /** Bytes allocated first, so that addresses differ. */
  readonly padding: number;
  /** How far the heap may grow beyond the loaded interpreter. */
  readonly memoryMb: number;
}

/** One run, to the image. */
export interface RunMessage {
  readonly number: number;
  readonly program: string;
  readonly entry: string;
  /** The argument tuple in canonical form. */
  readonly call: Uint8Array;
  readonly mode: 'once' | 'twice' | 'trace';
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** How a run ended, from the image; `frame` is the harness's result. */
export type RunEnd =
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  | { readonly type: 'limit'; readonly limit: 'cpu' | 'output' }
  | { readonly type: 'violation'; readonly what: string }
  /** The interpreter broke; the image ends itself after this message. */
  | { readonly type: 'trap'; readonly what: string };

export type ImageMessage =
  | { readonly type: 'ready'; readonly python: string; readonly version: string; readonly msPerLoop: number }
  | { readonly type: 'ended'; readonly number: number; readonly end: RunEnd; readonly cpuMs: number };
