import type { ImageVariant, RunEnd } from '../image.ts';

/** What an image is started with. */
export interface ImageOptions extends ImageVariant {
  /** Folder of Pyodide and path of the harness. */
  readonly pyodide: string;
  readonly harness: string;
  readonly watchdog: string;
  /** How far the heap may grow beyond the loaded interpreter. */
  readonly memoryMb: number;
}

export type ImageMessage =
  | { readonly type: 'ready'; readonly python: string; readonly version: string; readonly msPerLoop: number }
  | { readonly type: 'ended'; readonly number: number; readonly end: RunEnd; readonly cpuMs: number };
