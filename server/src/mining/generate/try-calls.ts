import type { Sandbox } from '../../sandbox/sandbox.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import type { FoundCall } from '../calls/call-index.ts';
import { mostTelling } from '../most-telling.ts';
import { furtherCalls } from './further-calls.ts';
import type { Inputs } from './inputs.ts';
import { Trial } from './trial.ts';

/** Found calls that are run at a time, to see what they tell. */
const foundAtATime = 8;

/** Rounds of further calls, after those of hand-picked ones. */
const maxRounds = 4;

/** Calls of a round whose lines are asked. */
const tracedInRound = 6;

/** Calls that return what is no literal, to be tried another way. */
const maxUnencodable = 16;

/** A program whose calls are made up. */
export interface ToTry {
  readonly program: string;
  readonly entry: string;
  /** Calls that are known: what they tell need not be told again. */
  readonly found: readonly FoundCall[];
  /** What calls are made up of; null where none may be. */
  readonly inputs: Inputs | null;
}

/** How many calls are made up. */
export interface Wanted {
  /** Different outputs that tell something, those of the found calls among them. */
  readonly outputs: number;
  /** Hand-picked calls that are tried at most; half as many make a round. */
  readonly tried: number;
  /** Rounds of further calls after those. */
  readonly rounds?: number;
}

/** How the calls that were made up ended. */
export interface TriedCalls {
  /** The most telling of those that return: each runs lines that none before it ran, or returns something else. */
  readonly chosen: readonly FoundCall[];
  /** How many return a value. */
  readonly returned: number;
  /** Some of those that return what is no literal, and the type of one such object; undefined where there is none. */
  readonly unencodable: readonly FoundCall[];
  readonly objectType: string | undefined;
  /** Whether some return nothing, and none a value. */
  readonly none: boolean;
  /** How many were tried. */
  readonly count: number;
  /** Those, as literal text. */
  readonly texts: readonly string[];
  /** Why most of the others are worth nothing, for a person. */
  readonly failure: string;
}

/**
 * Makes calls up where the found ones give too few different outputs: hand-picked ones first, then further ones, in rounds, while
 * outputs are missing or new lines are run. Chooses those that run new lines of the program, then those that return
 * something new; calls that return one of their arguments only where there are no others.
 */
export async function tryCalls(
  { found, inputs, ...program }: ToTry,
  { outputs, tried, rounds = maxRounds }: Wanted,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TriedCalls> {
  const known = new Trial(program, sandbox);
  const made = new Trial(program, sandbox);
  if (inputs === null) return endOf(known, made, 0);
  for (let at = 0; at < found.length && known.outputs.size < outputs && !known.isOver; at += foundAtATime) {
    const calls = found.slice(at, at + foundAtATime).map(({ call }) => call);
    await known.run(calls, signal);
  }
  const missing = Math.max(0, outputs - known.outputs.size);
  if (missing > 0 && !known.isOver) {
    await known.askLines(outputs, signal);
    const texts = new Set(found.map(({ text }) => text));
    const picked = inputs.picked.filter((call) => !texts.has(writeCall(call))).slice(0, tried);
    await runRounds({ ...inputs, picked }, known, made, { outputs, tried, rounds }, signal);
  }
  return endOf(known, made, missing);
}

/** What came of the calls that were made up; of those that return the most telling ones. */
function endOf(known: Trial, made: Trial, most: number): TriedCalls {
  const telling = made.returned.filter(({ isTelling }) => isTelling);
  const isAnyTelling = telling.length > 0 || known.outputs.size > 0;
  const chosen = mostTelling(isAnyTelling ? telling : made.returned, most, known);
  const none = made.none > 0 && made.returned.length === 0;
  const [failure = ''] = [...made.failures].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return {
    chosen: chosen.map(({ call }) => generatedCall(call)),
    returned: made.returned.length,
    unencodable: made.unencodable.slice(0, maxUnencodable).map(generatedCall),
    objectType: made.objectType,
    none,
    count: made.tried.length,
    texts: made.tried.map(({ call }) => writeCall(call)),
    failure: failure === '' && made.none > 0 ? 'None' : failure,
  };
}

/** Rounds of calls, while outputs are missing or the lines still grow; further ones while each tells more. */
async function runRounds(
  inputs: Inputs,
  known: Trial,
  made: Trial,
  { outputs, tried, rounds = maxRounds }: Wanted,
  signal: AbortSignal,
): Promise<void> {
  const count = Math.ceil(tried / 2);
  const told = () => new Set([...known.outputs, ...made.outputs]).size;
  const returned = () => [...known.returned, ...made.returned];
  // Where iterators and objects are returned, further calls give no other.
  const isVain = () => made.isOver || (returned().length === 0 && made.unencodable.length > 0);
  let grows = true;
  for (let at = 0; at < inputs.picked.length && (told() < outputs || grows) && !isVain(); at += count) {
    await made.run(inputs.picked.slice(at, at + count), signal);
    grows = await made.askLines(tracedInRound, signal);
  }
  for (let round = 0; round < rounds && (told() < outputs || grows) && !isVain(); round += 1) {
    const good = returned().map(({ call }) => call);
    if (good.length === 0 && made.tried.length > 0 && !made.isRaising) return;
    const before = told();
    const calls = furtherCalls(inputs, [...known.tried, ...made.tried], good, count);
    if (calls.length === 0) return;
    await made.run(calls, signal);
    grows = await made.askLines(tracedInRound, signal);
    if (!grows && told() === before) return;
  }
}

function generatedCall(call: Call): FoundCall {
  return { call, text: writeCall(call), source: 'generated', file: null, line: null };
}
