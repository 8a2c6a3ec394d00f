/** Why a model could not be asked. */
export type ModelReason =
  | 'refused'
  | 'unreachable'
  | 'too-old'
  | 'not-installed'
  | 'http-error'
  | 'model-missing'
  | 'remote-model'
  | 'prompt-too-long'
  | 'stalled'
  | 'bad-response';

/** An error of a model's server, with a message for a person. */
export class ModelError extends Error {
  readonly reason: ModelReason;

  constructor(reason: ModelReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: ModelReason[]): error is ModelError {
    return error instanceof ModelError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
