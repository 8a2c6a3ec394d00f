import type { CheckFigures } from './check-published.ts';

/**
 * Why tuned weights could not be published. `base-changed`: the base is gone, or another model has its name now; `bad-export`: the file
 * is not the one that was told; `form-refused`: the server cannot make or load a model of this form; `name-taken`: a model that is
 * none of ours has the candidate's name; `no-room`: the server's disk is too full; `same-as-base`: the weights are the base's;
 * `not-applied`: the server made a model that answers as its base does, to the bit; `gone`: the server went away half-way;
 * `server`: it failed otherwise; `nothing-sampled`: what was sampled held too few tokens to compare; `broken`: the model is not what was
 * trained, with the figures that say so.
 */
export type PublishReason =
  | 'base-changed'
  | 'bad-export'
  | 'form-refused'
  | 'name-taken'
  | 'no-room'
  | 'same-as-base'
  | 'not-applied'
  | 'gone'
  | 'server'
  | 'nothing-sampled'
  | 'broken';

/** An error of publishing, with a message for a person. Nothing of the candidate is left but where `name-taken` says so. */
export class PublishError extends Error {
  readonly reason: PublishReason;
  /** Of `broken` alone. */
  readonly figures: CheckFigures | undefined;

  constructor(
    reason: PublishReason,
    message: string,
    options?: ErrorOptions & { readonly figures?: CheckFigures },
  ) {
    super(message, options);
    this.name = 'PublishError';
    this.reason = reason;
    this.figures = options?.figures;
  }

  static is(error: unknown, ...reasons: PublishReason[]): error is PublishError {
    return error instanceof PublishError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
