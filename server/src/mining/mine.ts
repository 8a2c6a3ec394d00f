import type { Seed } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** Why a unit, a call or a file gave no seed. */
export type Loss =
  // files
  | 'unreadable'
  | 'not-utf8'
  | 'too-large'
  | 'syntax'
  // units
  | 'no-parameter'
  | 'is-async'
  | 'is-method'
  | 'decorated'
  | 'does-io'
  | 'unknown-name'
  | 'third-party-import'
  | 'program-too-large'
  | 'no-call'
  // calls
  | 'call-not-literal'
  | 'raises'
  | 'limit'
  | 'violation'
  | 'unencodable'
  | 'drifts'
  | 'answer-in-prompt'
  | 'duplicate';

export type MineEvent =
  | { readonly type: 'found'; readonly files: number; readonly skipped: number }
  | { readonly type: 'file'; readonly file: string; readonly units: number }
  | { readonly type: 'seed'; readonly seed: Seed }
  | {
      readonly type: 'loss';
      readonly file: string;
      readonly symbol: string | null;
      readonly loss: Loss;
      readonly detail: string;
    };

export interface MineOptions {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Globs left out, beside `.gitignore`. */
  readonly exclude: readonly string[];
  /** Only these files (paths within the folder): an edit re-mines what it changed. All files where absent. */
  readonly files?: readonly string[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly sandbox: Sandbox;
}

/** Turns the Python files of a folder into verified seeds, with what was lost on the way and why. */
export declare function mine(options: MineOptions, signal: AbortSignal): AsyncIterable<MineEvent>;
