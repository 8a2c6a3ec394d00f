/**
 * Why a stream cannot begin. `bad-target`: neither a file nor an http address that may be sent to; `not-a-stream`: the
 * file holds something else; `unwritable`: the file cannot be written; `token`: the bearer token cannot be used.
 */
export type StreamReason = 'bad-target' | 'not-a-stream' | 'unwritable' | 'token';

/** An error of starting a stream, with a message for a person. */
export class StreamError extends Error {
  readonly reason: StreamReason;

  constructor(reason: StreamReason, message: string) {
    super(message);
    this.name = 'StreamError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: StreamReason[]): error is StreamError {
    return error instanceof StreamError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
