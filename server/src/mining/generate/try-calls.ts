import type { Ran, Sandbox } from '../../sandbox/sandbox.ts';
import { writeCall, writeValue } from '../../values/literal-writer.ts';
import { holdsNaN, identical } from '../../values/relations.ts';
import type { Call } from '../../values/value.ts';
import type { FoundCall } from '../calls/call-index.ts';

/** Well below what a call is given when it is verified. */
const limits = { cpuMs: 200, wallMs: 1_000 };

/** Runs into limits, after which no further call is tried. */
const maxLimits = 2;

/** Calls tried at a time. */
const atATime = 6;

/** How the calls that were made up ended. */
export interface TriedCalls {
  /** The most telling of those that return: each runs lines that none before it ran, or returns something else. */
  readonly chosen: readonly FoundCall[];
  /** How many return a value. */
  readonly returned: number;
  /** Some of those that return what is no literal. */
  readonly unencodable: readonly FoundCall[];
  /** Whether some return nothing, and none a value. */
  readonly none: boolean;
  /** Why most of the others are worth nothing, for a person. */
  readonly failure: string;
}

/**
 * Runs calls once each, and chooses at most `most` of those that return: first those that run new lines of the program, then
 * those that return something new. Calls that return one of their arguments come last.
 */
export async function tryCalls(
  { program, entry }: { readonly program: string; readonly entry: string },
  calls: readonly Call[],
  most: number,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TriedCalls> {
  const returned: { readonly call: Call; readonly output: string; readonly isTelling: boolean }[] = [];
  const failures = new Map<string, number>();
  const unencodable: Call[] = [];
  let none = false;
  let limited = 0;
  for (let at = 0; at < calls.length && limited < maxLimits; at += atATime) {
    const batch = calls.slice(at, at + atATime);
    const ran = await sandbox.runBatch(
      batch.map((call) => ({ program, entry, call, limits })),
      signal,
    );
    for (const [index, end] of ran.entries()) {
      const call = batch[index] ?? [];
      if (end.outcome === 'limit') limited += 1;
      if (end.outcome === 'unencodable') unencodable.push(call);
      const failure = failureOf(end);
      if (failure !== undefined) failures.set(failure, (failures.get(failure) ?? 0) + 1);
      else if (end.outcome === 'ok' && end.value.type === 'none') none = true;
      else if (end.outcome === 'ok') {
        const isTelling =
          end.value.type !== 'none' && !call.some((argument) => identical(argument, end.value));
        returned.push({ call, output: writeValue(end.value), isTelling });
      }
    }
  }
  const chosen: typeof returned = [];
  const outputs = new Set<string>();
  const lines = new Set<number>();
  // New lines count more than new outputs, and are worth asking for.
  const candidates = [...returned].sort((a, b) => Number(b.isTelling) - Number(a.isTelling));
  const traced = new Map<(typeof returned)[number], readonly number[]>();
  for (const each of candidates.slice(0, 2 * most)) {
    const { lines: executed } = await sandbox.trace({ program, entry, call: each.call, limits }, signal);
    traced.set(each, executed);
  }
  const take = (each: (typeof returned)[number]) => {
    chosen.push(each);
    outputs.add(each.output);
    for (const line of traced.get(each) ?? []) lines.add(line);
  };
  for (const each of candidates) {
    if (chosen.length < most && (traced.get(each) ?? []).some((line) => !lines.has(line))) take(each);
  }
  for (const each of candidates) {
    if (chosen.length < most && !chosen.includes(each) && !outputs.has(each.output)) take(each);
  }
  const [failure = ''] = [...failures].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return {
    chosen: chosen.map(({ call }) => generatedCall(call)),
    returned: returned.length,
    unencodable: unencodable.slice(0, 2 * most).map(generatedCall),
    none: none && returned.length === 0,
    failure: failure === '' && none ? 'None' : failure,
  };
}

function failureOf(ran: Ran): string | undefined {
  switch (ran.outcome) {
    case 'ok':
      return holdsNaN(ran.value) ? 'NaN' : undefined;
    case 'exception':
      return ran.type;
    case 'limit':
      return ran.limit;
    case 'unencodable':
    case 'violation':
      return ran.what;
    case 'crash':
      return ran.signal;
    case 'refused':
      return ran.reason;
  }
}

function generatedCall(call: Call): FoundCall {
  return { call, text: writeCall(call), source: 'generated', file: null, line: null };
}
