/** Why self-play cannot begin or go on. */
export class PlayError extends Error {
  readonly reason: 'model-missing' | 'model-changed' | 'model-gone' | 'other-player';

  constructor(reason: PlayError['reason'], message: string) {
    super(message);
    this.name = 'PlayError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: PlayError['reason'][]): error is PlayError {
    return error instanceof PlayError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
