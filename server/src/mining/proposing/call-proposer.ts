import type { Pair } from '../../../../protocol/task.ts';
import type { Call } from '../../values/value.ts';

/** A program that a model may propose calls of. */
export interface CallSubject {
  readonly program: string;
  readonly entry: string;
  /** Verified calls with what they return, Python literal text; there may be none. */
  readonly pairs: readonly Pair[];
}

/**
 * What came of asking for one call. `malformed`: the answer is no call in our grammar, or too long; `too-long`: this program does
 * not fit into the model's context; `failed`: the model cannot be asked, with what happened and one thing to do, for a person.
 */
export type ProposedCall =
  | { readonly outcome: 'call'; readonly call: Call }
  | { readonly outcome: 'malformed' }
  | { readonly outcome: 'too-long' }
  | { readonly outcome: 'failed'; readonly detail: string };

/** Whether a model can be asked: its digest, or why not and one thing to do. */
export type OpenedModel =
  | { readonly ok: true; readonly digest: string }
  | { readonly ok: false; readonly detail: string };

/** A model that proposes calls. Mining opens no connection itself: whoever starts it hands one in. Rejects only as signals say. */
export interface CallProposer {
  /** The model's name, for a person. */
  readonly name: string;
  /** Connects to the model and has it loaded; before the first call, once. */
  open(signal: AbortSignal): Promise<OpenedModel>;
  /** Asks for one call; another random seed gives another one. */
  propose(subject: CallSubject, randomSeed: number, signal: AbortSignal): Promise<ProposedCall>;
}
