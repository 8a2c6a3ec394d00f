import { readValue } from '../values/literal-reader.ts';
import { identical } from '../values/relations.ts';
import type { FoundCall } from './calls/call-index.ts';
import type { Loss } from './losses.ts';
import { mostTelling } from './most-telling.ts';

/** A call with the output that execution gave. */
export interface VerifiedCall {
  readonly found: FoundCall;
  /** Output literal, or `raise ValueError`. */
  readonly output: string;
}

export interface LostCall {
  readonly found: FoundCall;
  readonly loss: Loss;
  readonly detail: string;
}

/** Bounds of what one unit gives. */
const maxTried = 40;
const maxKept = 16;
const maxRaising = 2;

/** A unit that returns the same whatever it is asked needs no more to show it. */
const maxConstant = 2;

/**
 * Which of a unit's calls are tried, where these are many: all doctests and made-up ones first, of the others some from each part of
 * the workspace, for those that stand together are alike.
 */
export function callsToTry(calls: readonly FoundCall[]): {
  readonly tried: readonly FoundCall[];
  readonly beyond: readonly LostCall[];
} {
  const isFirst = ({ source }: FoundCall) => source === 'doctest' || source === 'generated';
  const first = new Set(calls.filter(isFirst).slice(0, maxTried));
  const others = calls.filter((call) => !isFirst(call));
  const left = maxTried - first.size;
  const spread =
    others.length <= left
      ? others
      : Array.from({ length: left }, (_, at) => others[Math.floor((at * others.length) / left)]);
  const tried = new Set([...first, ...spread.filter((call) => call !== undefined)]);
  return {
    tried: calls.filter((call) => tried.has(call)),
    beyond: calls.filter((call) => !tried.has(call)).map((found) => lost(found, 'beyond-limit')),
  };
}

/**
 * The calls that are kept of a unit, in their order: those that execute most lines and give different outputs, of equals the first.
 * Outputs that are an argument, or the same for all calls, are kept only where there is nothing else; exceptions only beside values,
 * and few.
 */
export async function chooseCalls(
  calls: readonly VerifiedCall[],
  linesOf: (call: VerifiedCall) => Promise<readonly number[]>,
): Promise<{ readonly kept: readonly VerifiedCall[]; readonly dropped: readonly LostCall[] }> {
  const values = calls.filter(({ output }) => !output.startsWith('raise '));
  const raising = calls.filter(({ output }) => output.startsWith('raise '));
  const changing = values.filter((call) => !isArgument(call));
  const asked = outputsOf(changing).size > 1 ? changing : values;
  const most = outputsOf(asked).size > 1 ? maxKept : maxConstant;
  const kept = new Set(asked.length > most ? await mostOf(asked, most, linesOf) : asked);
  const lossOf = (call: VerifiedCall): Loss =>
    most === maxConstant || !asked.includes(call) ? 'trivial-output' : 'beyond-limit';
  const keptRaising = kept.size === 0 ? [] : raising.slice(0, maxRaising);
  return {
    kept: [...values.filter((call) => kept.has(call)), ...keptRaising],
    dropped: [
      ...values.filter((call) => !kept.has(call)).map((call) => lost(call.found, lossOf(call))),
      ...raising
        .slice(keptRaising.length)
        .map(({ found, output }) => lost(found, 'raises', output.slice('raise '.length))),
    ],
  };
}

async function mostOf(
  calls: readonly VerifiedCall[],
  most: number,
  linesOf: (call: VerifiedCall) => Promise<readonly number[]>,
): Promise<VerifiedCall[]> {
  const candidates: { call: VerifiedCall; output: string; lines: readonly number[] }[] = [];
  for (const call of calls) candidates.push({ call, output: call.output, lines: await linesOf(call) });
  const chosen = mostTelling(candidates, most).map(({ call }) => call);
  const rest = calls.filter((call) => !chosen.includes(call));
  return [...chosen, ...rest.slice(0, most - chosen.length)];
}

function isArgument({ found, output }: VerifiedCall): boolean {
  const read = readValue(output);
  return read.ok && found.call.some((argument) => identical(argument, read.value));
}

function outputsOf(calls: readonly VerifiedCall[]): Set<string> {
  return new Set(calls.map(({ output }) => output));
}

function lost(found: FoundCall, loss: Loss, detail = ''): LostCall {
  return { found, loss, detail };
}
