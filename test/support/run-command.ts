import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { CliContext } from '../../server/src/cli/context.ts';

/** What a command wrote, and the error that it ended on. */
export interface Told {
  readonly error: unknown;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process with these arguments. */
export async function runCommand(
  command: (context: CliContext) => Command,
  args: readonly string[],
  given: {
    readonly stdin?: Readable;
    readonly signal?: AbortSignal;
    readonly env?: CliContext['env'];
  } = {},
): Promise<Told> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { stdin = new PassThrough(), signal = new AbortController().signal, env = {} } = given;
  const [out, err] = [text(stdout), text(stderr)];
  const error: unknown = await command({ stdin, stdout, stderr, cwd: '/', env, signal })
    .exitOverride()
    .configureOutput({ writeErr: (message) => stderr.write(message) })
    .parseAsync([...args], { from: 'user' })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  stdout.end();
  stderr.end();
  return { error, out: await out, err: await err };
}
