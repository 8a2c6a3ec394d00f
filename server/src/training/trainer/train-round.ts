import type { RoundState } from '../../../../protocol/trainer.ts';
import type { Store } from '../../store/store.ts';
import {
  type ChoosingStore,
  type ChosenRound,
  chooseRound,
  type TrainingChoice,
  withRound,
} from './choose-round.ts';
import type { RoundProgress } from './follow-round.ts';
import type { TrainerClient } from './trainer-client.ts';
import { asTrainerError, TrainerError } from './trainer-error.ts';
import { type NotedRun, noteRun } from './training-note.ts';

/** What happens while a round is trained. */
export type TrainingEvent =
  | { readonly type: 'chosen'; readonly chosen: ChosenRound }
  | { readonly type: 'sent'; readonly groups: number; readonly of: number }
  | { readonly type: 'progress'; readonly progress: RoundProgress }
  /** The trainer knows nothing of a run that this store has trained in: its folder was emptied, or it is another one. */
  | { readonly type: 'forgotten'; readonly run: string };

export interface TrainingParts {
  readonly store: ChoosingStore & Pick<Store, 'audit'>;
  readonly client: TrainerClient;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** A round that is done. */
export interface TrainedRound {
  readonly noted: NotedRun;
  readonly round: number;
  readonly state: RoundState;
  readonly how: ChosenRound['how'];
  /** Groups that the trainer would not keep, by reason. Those of the round are in `state.refused`. */
  readonly refusedOnArrival: Readonly<Record<string, number>>;
}

/** Groups read from the store at a time. */
const groupsAtOnce = 64;

/**
 * Trains the next round of a store's groups: what is asked is noted before it is asked, so that the same call goes on wherever it
 * ended. Rejects with `TrainerError` (`no-groups`, `round-failed` and what the client rejects with), `StoreError`, or as the signal says.
 */
export async function trainRound(
  choice: TrainingChoice,
  parts: TrainingParts,
  signal: AbortSignal,
): Promise<TrainedRound> {
  const { store, client, onEvent } = parts;
  await client.health(signal);
  const chosen = await remembered(await chooseRound(store, choice, signal), choice, parts, signal);
  onEvent({ type: 'chosen', chosen });
  const { noted, round, request, how } = chosen;
  await client.putRun(noted.run, signal);
  if (request === undefined)
    return {
      noted,
      round,
      how,
      state: await client.round(noted.run.id, round, signal),
      refusedOnArrival: {},
    };
  await noteRun(store, withRound(noted, round, { request, state: 'asked', published: null }));
  const refusedOnArrival = await deliver(request.records, parts, signal);
  await client.putRound(noted.run.id, round, request, signal);
  const onProgress = (progress: RoundProgress) => onEvent({ type: 'progress', progress });
  const state = await client.waitForRound(noted.run.id, round, onProgress, signal);
  if (state.state === 'failed') throw failed(state, client.name);
  const moved = state.steps.length > 0 ? 'trained' : 'still';
  const done = withRound(noted, round, { request, state: moved, published: null });
  await noteRun(store, done);
  const { digest } = noted.run;
  const [steps, tokens] = [state.steps.length, tokensOf(state)];
  await store.audit({
    what: 'trained',
    detail: { run: noted.run.id, round, trainer: client.name, mode: request.mode, digest, steps, tokens },
  });
  return { noted: done, round, state, how, refusedOnArrival };
}

/** Tokens that a round trained on, each as often as it was gone through. */
export function tokensOf({ steps }: RoundState): number {
  return steps.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** The chosen round, or that of a run begun anew where the trainer does not know the rounds before it. */
async function remembered(
  chosen: ChosenRound,
  choice: TrainingChoice,
  { store, client, onEvent }: TrainingParts,
  signal: AbortSignal,
): Promise<ChosenRound> {
  const { noted, round, request } = chosen;
  const before = request === undefined ? round : round - 1;
  if (before === 0) return chosen;
  try {
    await client.round(noted.run.id, before, signal);
    return chosen;
  } catch (error) {
    if (!TrainerError.is(error, 'no-such-run', 'no-such-round')) throw error;
  }
  onEvent({ type: 'forgotten', run: noted.run.id });
  await noteRun(store, { ...noted, rounds: [] });
  return chooseRound(store, choice, signal);
}

async function deliver(
  ids: readonly string[],
  { store, client, onEvent }: TrainingParts,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const refused: Record<string, number> = {};
  let sent = 0;
  for (let from = 0; from < ids.length; from += groupsAtOnce) {
    const groups = await store.groups({ ids: ids.slice(from, from + groupsAtOnce) });
    const taken = await client.putGroups(groups, signal, async (taken) => {
      sent += taken.length;
      onEvent({ type: 'sent', groups: sent, of: ids.length });
      await store.audit({ what: 'streamed', detail: { target: client.name, groups: [...taken] } });
    });
    for (const { reason } of taken.refused) refused[reason] = (refused[reason] ?? 0) + 1;
  }
  return refused;
}

function failed({ problem, round }: RoundState, name: string): TrainerError {
  const told = problem ?? { reason: 'internal', detail: 'It does not say why' };
  const { message } = asTrainerError(told, name);
  return new TrainerError('round-failed', `Round ${round} failed (${told.reason}). ${message}`);
}
