import type { PolicyChoice, RoundRequest } from '../../../../protocol/trainer.ts';
import type { Store } from '../../store/store.ts';
import { TrainerError } from './trainer-error.ts';
import { type NotedRound, type NotedRun, newRun, notedRuns } from './training-note.ts';

/** What a person chose. */
export interface TrainingChoice {
  /** Whose groups are trained on, and what is tuned: a base, or a candidate of an earlier round. */
  readonly model: string;
  readonly mode: 'policy-gradient' | 'rft';
  /** Absent: that of the run that the model is of, else the default. */
  readonly policy?: PolicyChoice;
  /** No step is begun after so many seconds; null: no bound. */
  readonly mostSeconds: number | null;
}

/** The round that comes next. */
export interface ChosenRound {
  readonly noted: NotedRun;
  readonly round: number;
  /** Absent where the newest round is trained and there is nothing new: then it is this one, for whoever wants to publish it. */
  readonly request?: RoundRequest;
  /** `goes-on`: it was asked for before and is not known to be done. */
  readonly how: 'begins' | 'goes-on' | 'trained';
}

export type ChoosingStore = Pick<Store, 'runs' | 'groups' | 'note' | 'setNote'>;

export const defaultPolicy = {
  lora: { type: 'lora', rank: 16, alpha: 32, learningRate: 2e-4 },
  full: { type: 'full', learningRate: 2e-5 },
} as const satisfies Record<string, PolicyChoice>;

/** Groups of one step of the optimiser, unless there would be too many steps. */
const groupsPerStep = 8;
const mostSteps = 4_096;
const mostRecords = 65_536;

/**
 * Chooses the run and its next round: what was asked for and is not done goes on as it was asked for; else all trainable groups of the
 * model's newest digest that this run has not trained on. A policy gradient needs groups of the weights that stand, so nothing of an
 * older digest is begun. Rejects with `TrainerError` `no-groups`, whose message says what to do.
 */
export async function chooseRound(
  store: ChoosingStore,
  choice: TrainingChoice,
  signal: AbortSignal,
): Promise<ChosenRound> {
  const model = await newestModel(store, choice.model);
  const noted = await runOf(store, model, choice);
  const newest = noted.rounds.at(-1);
  if (newest?.state === 'asked')
    return { noted, round: noted.rounds.length, request: newest.request, how: 'goes-on' };
  // Rounds without a step left the weights as they were.
  const round = noted.rounds.findLastIndex(({ state }) => state === 'trained') + 1;
  const last = noted.rounds[round - 1];
  const fresh = await untrained(store, model.digest, noted, signal);
  if (choice.mode === 'policy-gradient' && last !== undefined) {
    // Weights that moved are sampled under the digest of their publish alone.
    if (last.published === null) return { noted, round, how: 'trained' };
    if (last.published.digest !== model.digest) {
      throw new TrainerError(
        'no-groups',
        `The weights moved on from ${model.name} to ${last.published.name}. Play and train with --model ${last.published.name}, or change a setting (such as --learning-rate) to begin another run.`,
      );
    }
  }
  if (fresh.length === 0) {
    if (last?.published === null) return { noted, round, how: 'trained' };
    throw new TrainerError(
      'no-groups',
      `There are no trainable groups of ${model.name} (${model.digest.slice(0, 12)}) that were not trained on. Play with it first.`,
    );
  }
  const request: RoundRequest = {
    mode: choice.mode,
    records: fresh,
    recordsPerStep: Math.max(groupsPerStep, Math.ceil(fresh.length / mostSteps)),
    epochs: 1,
    mostSeconds: choice.mostSeconds,
  };
  return { noted, round: noted.rounds.length + 1, request, how: 'begins' };
}

/** A run with a round in another state, one that it has or the one behind them. */
export function withRound(noted: NotedRun, round: number, state: NotedRound): NotedRun {
  return { ...noted, rounds: noted.rounds.toSpliced(round - 1, 1, state) };
}

/** The model of this name as it was played last. */
async function newestModel(store: ChoosingStore, name: string): Promise<NotedRun['base']> {
  const plain = (text: string) => text.replace(/:latest$/, '');
  const run = (await store.runs()).findLast(({ model }) => plain(model.name) === plain(name));
  if (run !== undefined) return run.model;
  throw new TrainerError('no-groups', `${name} was not played here yet. Play with it first.`);
}

/** The run that published this model, unless another policy is wanted; else the one of this base and policy, begun where there is none. */
async function runOf(
  store: ChoosingStore,
  model: NotedRun['base'],
  { policy }: TrainingChoice,
): Promise<NotedRun> {
  const runs = await notedRuns(store);
  if (policy === undefined) {
    const from = runs.find(({ rounds }) =>
      rounds.some(({ published }) => published?.digest === model.digest),
    );
    if (from !== undefined) return from;
  }
  const begun = await newRun(store, model, policy ?? defaultPolicy.lora);
  return runs.find(({ run }) => run.id === begun.run.id) ?? begun;
}

/** Ids of the groups that are left, oldest first. One run of play is in memory at a time. */
async function untrained(
  store: ChoosingStore,
  digest: string,
  { rounds }: NotedRun,
  signal: AbortSignal,
): Promise<string[]> {
  const trained = new Set(rounds.flatMap(({ request }) => request.records));
  const found: string[] = [];
  for (const { id: runId, model } of await store.runs()) {
    if (model.digest !== digest) continue;
    signal.throwIfAborted();
    for (const group of await store.groups({ runId })) {
      if (!group.trainable || group.model.digest !== digest || trained.has(group.id)) continue;
      found.push(group.id);
      if (found.length === mostRecords) return found;
    }
  }
  return found;
}
