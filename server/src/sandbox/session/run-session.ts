import { readFileSync } from 'node:fs';
import type { Limits } from '../../../../protocol/sandbox.ts';
import { asset } from '../../entry-point.ts';
import type { Value } from '../../values/value.ts';
import type { Ran, Sandbox } from '../sandbox.ts';

/** Characters that a piece of code may print, and those of the line that says what it raised: what is more is cut off. */
export const mostShown = 300;

/** Of one call, everything before it included. Tighter than those of a task: a model waits meanwhile. */
const limits: Partial<Limits> = { cpuMs: 500, wallMs: 1_000 };

/** What a Python session shows of a piece of code. Both are cut behind `mostShown` characters, and then longer by one. */
export interface Shown {
  readonly printed: string;
  /** The last line of the traceback, such as `ValueError: no`; null where nothing was raised. */
  readonly raised: string | null;
}

/** How the last piece of a session went: `ran`, or what ended the whole session. */
export type SessionEnd =
  | { readonly outcome: 'ran'; readonly shown: readonly Shown[] }
  | Exclude<Ran, { readonly outcome: 'ok' }>;

/**
 * Runs a program and then pieces of code in its scope, as an interactive interpreter does: the pieces travel as values. They can
 * reach the program and each other, and nothing else. Everything runs anew each time, in one process of its own that ends with it.
 * Rejects as `Sandbox.run` does.
 */
export async function runSession(
  { program, pieces }: { readonly program: string; readonly pieces: readonly string[] },
  sandbox: Pick<Sandbox, 'run'>,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const str = (value: string): Value => ({ type: 'str', value });
  const call = [
    str(program),
    { type: 'list', items: pieces.map(str) },
    { type: 'int', value: BigInt(mostShown) },
  ] as const;
  const ran = await sandbox.run({ program: source(), entry: 'session', call, limits, urgent: true }, signal);
  if (ran.outcome !== 'ok') return ran;
  const shown = readShown(ran.value, pieces.length);
  // A piece can write the session's result in its place: what has not the form of one says nothing.
  return shown === undefined
    ? { outcome: 'crash', signal: 'forged-result', cpuMs: ran.cpuMs }
    : { outcome: 'ran', shown };
}

let read: string | undefined;
function source(): string {
  read ??= readFileSync(asset('session.py'), 'utf8');
  return read;
}

function readShown(value: Value, count: number): Shown[] | undefined {
  if (value.type !== 'list' || value.items.length !== count) return undefined;
  const all: Shown[] = [];
  for (const item of value.items) {
    if (item.type !== 'tuple' || item.items.length !== 2) return undefined;
    const [printed, raised] = item.items;
    if (printed?.type !== 'str' || (raised?.type !== 'str' && raised?.type !== 'none')) return undefined;
    all.push({
      printed: printed.value.slice(0, mostShown + 1),
      raised: raised.type === 'none' ? null : raised.value.slice(0, mostShown + 1),
    });
  }
  return all;
}
