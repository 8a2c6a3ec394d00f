/**
 * Why an evaluation cannot begin or go on. `model-changed`: its name means other weights than when it began; `model-gone`: its
 * server stays away.
 */
export class EvaluationError extends Error {
  readonly reason: 'model-missing' | 'model-changed' | 'model-gone';

  constructor(reason: EvaluationError['reason'], message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: EvaluationError['reason'][]): error is EvaluationError {
    return error instanceof EvaluationError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
