import type { MineEvent } from '../mining/mine.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';

export interface PrepareOptions {
  readonly folder: string;
  /** Only these files, after an edit; all where absent. */
  readonly files?: readonly string[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly exclude: readonly string[];
}

/** What mining left in the store. */
export interface Prepared {
  readonly seeds: number;
  readonly tasks: number;
  readonly files: number;
}

/**
 * Mines a folder into the store: seeds, and the deduction and abduction tasks that they make. Seeds and tasks of changed
 * or deleted code become stale. Safe to repeat and to interrupt.
 */
export declare function prepare(
  options: PrepareOptions,
  parts: { readonly store: Store; readonly sandbox: Sandbox; readonly onEvent: (event: MineEvent) => void },
  signal: AbortSignal,
): Promise<Prepared>;
