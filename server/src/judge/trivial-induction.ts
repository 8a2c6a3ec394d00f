import type { Pair, TrivialSolver } from '../../../protocol/task.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { sameOutput, sameValue } from '../values/relations.ts';
import type { Call, Output, Value } from '../values/value.ts';
import type { GoldPair } from './answer.ts';
import { distance } from './nearest.ts';

/** Pairs of one program: those that a solver is shown, and those that its program must give as well. */
export interface ShownAndHidden {
  readonly shown: readonly Pair[];
  readonly hidden: readonly Pair[];
}

/** A trivial program, and how many of the hidden pairs it fails. */
export interface TrivialFailures {
  readonly solver: TrivialSolver;
  readonly failed: number;
}

/** Which trivial solver gives every hidden pair; null where none does. Nothing is executed. */
export function trivialInduction(pairs: ShownAndHidden): TrivialSolver | null {
  return trivialFailures(pairs).find(({ failed }) => failed === 0)?.solver ?? null;
}

/** How many hidden pairs each trivial program fails: one for each argument and each shown output, the table and the nearest pair. */
export function trivialFailures({ shown, hidden }: ShownAndHidden): TrivialFailures[] {
  const known = readPairs(shown);
  const asked = readPairs(hidden);
  const trial = (solver: TrivialSolver, solve: (call: Call) => Output | undefined): TrivialFailures => {
    const got = asked.filter(({ call, output }) => {
      const solved = solve(call);
      return solved !== undefined && sameOutput(solved, output);
    });
    return { solver, failed: asked.length - got.length };
  };
  const mostArguments = Math.max(0, ...asked.map(({ call }) => call.length));
  return [
    ...Array.from({ length: mostArguments }, (_, place) =>
      trial('identity', (call) => valueOutput(call[place])),
    ),
    ...known.map(({ output }) => trial('constant', () => output)),
    trial('shown-table', (call) => known.find((pair) => sameCall(pair.call, call))?.output),
    trial('nearest-shown', (call) => nearest(known, call)?.output),
  ];
}

function readPairs(pairs: readonly Pair[]): GoldPair[] {
  return pairs.flatMap(([callText, outputText]) => {
    const call = readCall(callText);
    const output = readOutput(outputText);
    return call.ok && output.ok ? [{ call: call.value, output: output.value }] : [];
  });
}

function valueOutput(value: Value | undefined): Output | undefined {
  return value === undefined ? undefined : { type: 'value', value };
}

function sameCall(a: Call, b: Call): boolean {
  return sameValue(tuple(a), tuple(b));
}

/** The known pair whose call is nearest; of equally near ones the first. */
function nearest(known: readonly GoldPair[], call: Call): GoldPair | undefined {
  let best: GoldPair | undefined;
  let least = Infinity;
  for (const pair of known) {
    const away = distance(tuple(pair.call), tuple(call));
    if (away < least) [best, least] = [pair, away];
  }
  return best;
}

function tuple(call: Call): Value {
  return { type: 'tuple', items: call };
}
