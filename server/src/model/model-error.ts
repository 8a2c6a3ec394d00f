/**
 * Why a model could not be asked. `bad-address`: the setting names none; `refused`: nothing listens; `unreachable`: no way there, or the connection broke;
 * `timed-out`: no answer in time; `stalled`: it stopped in the middle; `load-failed`: the server could not load the model
 * (too little memory, mostly); `http-error`: any other refusal in the server's own words.
 */
export type ModelReason =
  | 'bad-address'
  | 'refused'
  | 'unreachable'
  | 'timed-out'
  | 'stalled'
  | 'too-old'
  | 'not-installed'
  | 'model-missing'
  | 'load-failed'
  | 'remote-model'
  | 'prompt-too-long'
  | 'http-error'
  | 'bad-response';

/** An error of a model's server, with a message for a person. */
export class ModelError extends Error {
  readonly reason: ModelReason;
  /** The HTTP status where the server answered with one. */
  readonly status: number | undefined;

  constructor(reason: ModelReason, message: string, options?: ErrorOptions & { readonly status?: number }) {
    super(message, options);
    this.name = 'ModelError';
    this.reason = reason;
    this.status = options?.status;
  }

  static is(error: unknown, ...reasons: ModelReason[]): error is ModelError {
    return error instanceof ModelError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
