import type { UnansweredCall } from '../../../protocol/pseudo-label.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { Loss } from './losses.ts';

/** What mining tells while it goes on. Files are named by their paths within the folder, with forward slashes. */
export type MineEvent =
  | { readonly type: 'found'; readonly files: number; readonly skipped: number }
  | { readonly type: 'file'; readonly file: string; readonly units: number }
  | { readonly type: 'seed'; readonly seed: Seed }
  /** A call that execution cannot answer here. */
  | { readonly type: 'unanswered'; readonly call: UnansweredCall }
  /** A test file was run for the calls that it makes; `isLeft` where there was no time for it. */
  | { readonly type: 'recorded'; readonly file: string; readonly calls: number; readonly isLeft: boolean }
  /** A model was asked for calls of a unit. */
  | ({ readonly type: 'asked'; readonly file: string; readonly symbol: string } & AskedCounts)
  /** One step of mining a unit, where they are asked for. */
  | {
      readonly type: 'step';
      readonly file: string;
      readonly symbol: string;
      readonly step: Step;
      readonly detail: string;
    }
  | {
      readonly type: 'loss';
      readonly file: string;
      readonly symbol: string | null;
      readonly loss: Loss;
      readonly detail: string;
    };

/** How many answers a model gave, how many of them are calls in our grammar, are no known calls, and return a value. */
export interface AskedCounts {
  readonly answers: number;
  readonly wellFormed: number;
  readonly fresh: number;
  readonly returned: number;
}

/** What was done with a unit: cut out, looked for calls of, one of its programs tried, a model asked. */
export type Step = 'program' | 'calls' | 'tried' | 'asked' | 'split';

/** Takes the steps of mining a unit. */
export type Tell = (step: Step, detail: string) => void;

/** Why a model is asked for no more calls, told once in a mining, for a person; undefined for all other events. */
export function askingEnd(event: MineEvent): string | undefined {
  const isEnd = event.type === 'loss' && (event.loss === 'not-asked' || event.loss === 'asking-over');
  return isEnd ? event.detail : undefined;
}

export function lossOf(file: string, symbol: string | null, loss: Loss, detail: string): MineEvent {
  return { type: 'loss', file, symbol, loss, detail };
}
