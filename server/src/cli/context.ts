import type { Readable, Writable } from 'node:stream';

/** What a command may touch of the outside. Results go to `stdout`; everything said to a person goes to `stderr`. */
export interface CliContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires on Ctrl-C and on SIGTERM: stop within a second and keep what is done. */
  readonly signal: AbortSignal;
}

/** A command line that does what a message tells a person to do, as it is to be typed here: a clone has its own way. */
export function typed(command: string, env: CliContext['env']): string {
  return `${env['AUTODIDACT_COMMAND'] ?? 'autodidact'} ${command}`;
}

/** Exit codes besides 0 (done): failed, wrong usage, something is missing, interrupted. */
export const exitCodes = { failed: 1, usage: 2, missing: 3, interrupted: 130 } as const;

/** Ends a command with an exit code and one message for a person: what happened, why, one thing to do. */
export class CliError extends Error {
  readonly reason: keyof typeof exitCodes;

  constructor(reason: keyof typeof exitCodes, message: string) {
    super(message);
    this.name = 'CliError';
    this.reason = reason;
  }
}
