import { EvaluationError } from '../evaluation/evaluation-error.ts';
import { ModelError } from '../model/model-error.ts';
import { SandboxError } from '../sandbox/sandbox-error.ts';
import { PlayError } from '../selfplay/play-error.ts';
import { StoreError } from '../store/store-error.ts';
import { PublishError } from '../training/publish/publish-error.ts';
import { StreamError } from '../training/stream-error.ts';
import { TrainerError } from '../training/trainer/trainer-error.ts';
import { CliError } from './context.ts';

/** Turns the errors of the parts, whose messages are written for people, into the end of a command. */
export function failureMessage(error: unknown): never {
  if (
    PlayError.is(error, 'model-missing') ||
    EvaluationError.is(error, 'model-missing') ||
    TrainerError.is(error, 'no-python', 'no-start', 'no-groups', 'unreachable', 'base-missing') ||
    ModelError.is(
      error,
      'model-missing',
      'refused',
      'unreachable',
      'not-installed',
      'bad-address',
      'bad-response',
      'too-old',
    )
  ) {
    throw new CliError('missing', error.message);
  }
  const types = [
    PlayError,
    EvaluationError,
    ModelError,
    SandboxError,
    StoreError,
    StreamError,
    PublishError,
    TrainerError,
  ];
  if (error instanceof Error && types.some((type) => error instanceof type)) {
    throw new CliError('failed', error.message);
  }
  throw error;
}
