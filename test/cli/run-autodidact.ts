import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** The bundled command line, as it ships. */
export const bundle = path.resolve(import.meta.dirname, '../../dist/cli.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `autodidact` with its records in `data`. */
export function startAutodidact(args: readonly string[], data: string, input?: string): ChildProcess {
  const child = spawn(process.execPath, [bundle, ...args], {
    env: { ...process.env, XDG_DATA_HOME: data, LOCALAPPDATA: data, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that ends before it read everything closes the pipe; that is not this side's failure.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  return child;
}

/** Runs `autodidact` to its end. */
export async function autodidact(args: readonly string[], data: string, input?: string): Promise<Ended> {
  return ended(startAutodidact(args, data, input));
}

/** Waits for a started process and gives what it printed. */
export async function ended(child: ChildProcess): Promise<Ended> {
  if (child.stdout === null || child.stderr === null) throw new TypeError('The process has no pipes.');
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

/** The JSON objects of an NDJSON text. */
export function records(ndjson: string): Record<string, unknown>[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
