import type { InductionTask, Pair, TrivialSolver } from '../../../protocol/task.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { sameOutput, sameValue } from '../values/relations.ts';
import type { Call, Output, Value } from '../values/value.ts';
import type { GoldPair } from './answer.ts';
import { distance } from './nearest.ts';

/** Which trivial solver gives every hidden pair of an induction task; null where none does. Nothing is executed. */
export function trivialInduction({ shown, hidden }: InductionTask): TrivialSolver | null {
  const known = readPairs(shown);
  const asked = readPairs(hidden);
  const gets = (solver: (call: Call) => Output | undefined) =>
    asked.every(({ call, output }) => {
      const solved = solver(call);
      return solved !== undefined && sameOutput(solved, output);
    });
  const mostArguments = Math.max(0, ...asked.map(({ call }) => call.length));
  for (let place = 0; place < mostArguments; place += 1) {
    if (gets((call) => valueOutput(call[place]))) return 'identity';
  }
  if (known.some(({ output }) => gets(() => output))) return 'constant';
  if (gets((call) => known.find((pair) => sameCall(pair.call, call))?.output)) return 'shown-table';
  return gets((call) => nearest(known, call)?.output) ? 'nearest-shown' : null;
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
