import type { TrainerErrorReason, TrainerProblem } from '../../../../protocol/trainer.ts';

/**
 * Why the trainer did not do what was asked: what it says itself (`TrainerErrorReason`), or what is found on this side. `bad-address`:
 * no address that may be asked; `token`: the bearer token cannot be used; `unreachable`, `slow`: it does not answer, or not in time;
 * `not-a-trainer`: something else answers; `other-protocol`: a trainer of another version; `bad-answer`: an answer that is none;
 * `no-room`: this machine's disk has no room for an export; `bad-file`: the fetched file is not what was told of; `no-python`: no
 * Python to start it with; `no-start`: it ended, or said nothing, before it was ready; `ended`: ours ended while it was needed; `round-failed`: the round could not be
 * trained; `no-groups`: there is nothing to train on; `playing`: the folder is being played on the same processors.
 */
export type TrainerReason =
  | TrainerErrorReason
  | 'bad-address'
  | 'token'
  | 'unreachable'
  | 'slow'
  | 'not-a-trainer'
  | 'other-protocol'
  | 'bad-answer'
  | 'no-room'
  | 'bad-file'
  | 'no-python'
  | 'no-start'
  | 'ended'
  | 'round-failed'
  | 'no-groups'
  | 'playing';

/** An error of the trainer or of reaching it, with a message for a person that says one thing to do. */
export class TrainerError extends Error {
  readonly reason: TrainerReason;
  /** Milliseconds that the trainer asked to wait before it is asked again. */
  readonly afterMs: number | undefined;

  constructor(
    reason: TrainerReason,
    message: string,
    options?: ErrorOptions & { readonly afterMs?: number | undefined },
  ) {
    super(message, options);
    this.name = 'TrainerError';
    this.reason = reason;
    this.afterMs = options?.afterMs;
  }

  static is(error: unknown, ...reasons: TrainerReason[]): error is TrainerError {
    return error instanceof TrainerError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

/** What a person can do about each problem of the trainer's own. */
const advice: Readonly<Record<TrainerErrorReason, string>> = {
  unauthorised: 'Check AUTODIDACT_TRAINER_TOKEN.',
  'too-large': 'Train on fewer groups at once.',
  malformed: 'Use a trainer of the same version as this program.',
  'no-such-run': 'Train again: the run begins anew.',
  'no-such-round': 'Train again: the run begins anew.',
  differs: 'Change a setting (such as the learning rate) to begin another run.',
  'not-in-order': 'Train again: the run begins anew.',
  busy: 'Wait until it is done, and train again.',
  'base-missing': 'Give the trainer the folder of the Ollama that has the model.',
  'base-unknown': 'Choose a model of an architecture that can be trained (docs/training.md).',
  'disk-full': 'Free room on the trainer’s disk.',
  'not-done': 'Wait until the round is done, and train again.',
  'nothing-recorded': 'Play some more, so that there are samples with log-probabilities.',
  damaged: 'Change a setting (such as the learning rate) to begin another run.',
  'no-such-route': 'Check the address, and that the trainer is of the same version as this program.',
  internal: 'Look into the trainer’s log.',
};

/** A problem that the trainer told of, as an error. */
export function asTrainerError(
  { reason, detail }: TrainerProblem,
  where: string,
  afterMs?: number,
): TrainerError {
  return new TrainerError(reason, `${where}: ${asSentence(detail)} ${advice[reason]}`, { afterMs });
}

/** The detail as one bounded line, ended by a full stop. */
function asSentence(detail: string): string {
  const line = detail
    .slice(0, 500)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
