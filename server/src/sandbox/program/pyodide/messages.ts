import type { RunEnd, RunMessage } from '../image.ts';
import type { ImageVariant } from '../image-variants.ts';
import type { PyodideFiles } from './pyodide.ts';

/** What a process that holds interpreters is started with, as JSON. */
export interface ImageOptions extends PyodideFiles {
  /** The program that watches the clock. */
  readonly watchdog: string;
  /** One for each interpreter. */
  readonly variants: readonly ImageVariant[];
  /** How far the heap may grow beyond the loaded interpreter. */
  readonly memoryMb: number;
}

/** What a process that makes a snapshot is started with, as JSON. */
export interface SnapshotOptions extends PyodideFiles {
  readonly harness: string;
  readonly variant: ImageVariant;
}

/** The memory of an interpreter that is ready for programs, compressed with zstd. */
export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly bytes: Uint8Array;
}

/** To a process that holds interpreters: first a snapshot for each of them, then runs. */
export type ToImage =
  | { readonly type: 'load'; readonly snapshots: readonly Uint8Array[] }
  | { readonly type: 'run'; readonly run: RunMessage };

/** From it. */
export type FromImage =
  | { readonly type: 'ready'; readonly python: string; readonly version: string }
  | {
      readonly type: 'ended';
      readonly number: number;
      readonly end: RunEnd;
      readonly cpuMs: number;
      /** Whether the process takes no further program. */
      readonly last: boolean;
    };
