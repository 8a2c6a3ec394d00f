/** Why the sandbox itself cannot work. What a program does is never an error but a result. */
export class SandboxError extends Error {
  readonly reason: 'not-isolated' | 'not-started' | 'broken' | 'overloaded' | 'closed';

  constructor(reason: SandboxError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxError';
    this.reason = reason;
  }

  static is(error: unknown, ...reasons: SandboxError['reason'][]): error is SandboxError {
    return error instanceof SandboxError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}
