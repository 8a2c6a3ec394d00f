import type { Seed } from '../../../protocol/seed.ts';
import type { Loss } from './losses.ts';

/** What mining tells while it goes on. Files are named by their paths within the folder, with forward slashes. */
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

export function lossOf(file: string, symbol: string | null, loss: Loss, detail: string): MineEvent {
  return { type: 'loss', file, symbol, loss, detail };
}
