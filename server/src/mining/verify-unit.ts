import type { Sandbox } from '../sandbox/sandbox.ts';
import { writeCall } from '../values/literal-writer.ts';
import type { Call } from '../values/value.ts';
import type { FoundCall } from './calls/call-index.ts';
import { generateCalls, poolsOf } from './generate/generate-calls.ts';
import { tryCalls } from './generate/try-calls.ts';
import type { Module } from './slicing/module.ts';
import type { Sliced } from './slicing/program.ts';
import { undecorated } from './syntax/syntax.ts';
import type { Unit } from './units.ts';
import { type Names, type VerifiedUnit, verifyCalls } from './verify-calls.ts';
import { changedArgumentWrapper } from './wrappers/changed-argument-wrapper.ts';
import { functionWrappers } from './wrappers/function-wrapper.ts';
import { listWrapper } from './wrappers/list-wrapper.ts';
import { methodWrapper } from './wrappers/method-wrapper.ts';
import { type Wrapper, wrapped } from './wrappers/wrapper.ts';

/** Calls from which on a unit needs no made-up ones. */
const enoughCalls = 8;

/** Calls that are made up for one that needs some, to be tried once each. */
const callsMadeUp = 24;

/** Wrappers of one unit that give seeds; more would ask the same in other words. */
const maxWrappers = 2;

/** A unit with the calls that were found of it. */
export interface UnitToVerify {
  readonly module: Module;
  readonly unit: Unit;
  readonly sliced: Sliced;
  readonly calls: readonly FoundCall[];
  /** Whether calls may be made up. */
  readonly mayMakeUp: boolean;
}

/** The programs that a unit gives with their verified calls; where there is none, why none of the calls is worth anything. */
export interface UnitVerified {
  readonly verified: readonly VerifiedUnit[];
  readonly failure: string;
}

/** A program with calls to try. */
interface Subject {
  readonly sliced: Sliced;
  readonly names: Names;
  readonly found: readonly FoundCall[];
  readonly made: readonly Call[];
}

/** Verifies the calls of a function, and wraps it where it gives or takes what is no literal. */
export async function verifyFunction(
  { module, unit, sliced, calls, mayMakeUp }: UnitToVerify,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const { tree } = module;
  const { symbol } = unit;
  const definition = undecorated(unit.node);
  const made = mayMakeUp ? generateCalls(tree, definition, unit.parameters, callsMadeUp) : [];
  const plain = await verifySubject({ sliced, names: [symbol], found: calls, made }, sandbox, signal);
  const all: VerifiedUnit[] = plain.verified === undefined ? [] : [plain.verified];
  let { failure } = plain;

  const asList = plain.unencodable.length === 0 ? undefined : listWrapper(sliced, symbol, unit.parameters);
  if (asList !== undefined) {
    const found = plain.unencodable.filter(({ source }) => source !== 'generated');
    const others = plain.unencodable.filter(({ source }) => source === 'generated').map(({ call }) => call);
    const subject = { sliced: asList.sliced, names: [asList.entry, symbol] as const, found, made: others };
    const listed = await verifySubject(subject, sandbox, signal);
    if (listed.verified !== undefined && listed.verified.kept.length > 0) {
      // What they give is told now.
      const [first] = all.splice(0, 1);
      if (first !== undefined)
        all.push({ ...first, lost: first.lost.filter(({ loss }) => loss !== 'unencodable') });
      all.push(listed.verified);
    }
    failure = listed.failure || failure;
  }
  if (hasSeeds(all) || !mayMakeUp) return { verified: all, failure };

  const changed = plain.none ? changedArgumentWrapper(tree, unit, sliced, callsMadeUp) : undefined;
  const pools = poolsOf(tree, definition, unit.parameters);
  const wrappers =
    changed === undefined
      ? functionWrappers({ tree, definition, symbol, sliced }, pools, callsMadeUp)
      : [changed];
  const more = await verifyWrappers(sliced, symbol, wrappers, sandbox, signal);
  return { verified: [...all, ...more.verified], failure: more.failure || failure };
}

/** Makes a method into a program and verifies it. */
export async function verifyMethod(
  { module, unit, sliced }: UnitToVerify,
  owner: NonNullable<Unit['statement']>,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const wrapper = methodWrapper(module, unit, owner, sliced, callsMadeUp);
  if (wrapper === undefined) return { verified: [], failure: '' };
  const method = unit.symbol.slice(unit.symbol.indexOf('.') + 1);
  return verifyWrappers(sliced, method, [wrapper], sandbox, signal);
}

async function verifyWrappers(
  sliced: Sliced,
  symbol: string,
  wrappers: readonly Wrapper[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const verified: VerifiedUnit[] = [];
  let failure = '';
  for (const wrapper of wrappers) {
    if (verified.length >= maxWrappers) break;
    let text = wrapper.text;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const subject: Subject = {
        sliced: wrapped(sliced, { text }),
        names: [wrapper.entry, symbol],
        found: [],
        made: wrapper.calls,
      };
      const its = await verifySubject(subject, sandbox, signal);
      failure = its.failure || failure;
      if (its.verified !== undefined && its.verified.kept.length > 0) verified.push(its.verified);
      if (its.verified !== undefined) break;
      // What gives an iterator is asked for the list of it, what gives nothing for what it changed.
      if (its.unencodable.length > 0) text = listed(text);
      else if (its.none && wrapper.afterwards !== undefined) text = wrapper.afterwards;
      else break;
    }
  }
  return { verified, failure };
}

/** The wrapper's text with what it returns made into a list. */
function listed(text: string): string {
  return text.replace(/\n {4}return (.*)\n$/, '\n    return list($1)\n');
}

interface SubjectVerified {
  /** Undefined where there was no call to verify. */
  readonly verified: VerifiedUnit | undefined;
  /** Calls that return what is no literal. */
  readonly unencodable: readonly FoundCall[];
  /** Whether calls return nothing. */
  readonly none: boolean;
  readonly failure: string;
}

/** Verifies the found calls, and of the made-up ones the most telling. */
async function verifySubject(
  { sliced, names, found, made }: Subject,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<SubjectVerified> {
  const known = new Set(found.map(({ text }) => text));
  const missing = Math.max(0, enoughCalls - found.length);
  const fresh = missing === 0 ? [] : made.filter((call) => !known.has(writeCall(call)));
  const program = { program: sliced.source('none'), entry: names[0] };
  const tried = await tryCalls(program, fresh, missing, sandbox, signal);
  const calls = [...found, ...tried.chosen];
  const verified = calls.length === 0 ? undefined : await verifyCalls(sliced, names, calls, sandbox, signal);
  const lost = verified?.lost ?? [];
  return {
    verified,
    unencodable: [
      ...lost.filter(({ loss }) => loss === 'unencodable').map((each) => each.found),
      ...tried.unencodable,
    ],
    none: tried.none || lost.some(({ loss }) => loss === 'none-output'),
    failure: tried.failure,
  };
}

function hasSeeds(verified: readonly VerifiedUnit[]): boolean {
  return verified.some(({ kept }) => kept.length > 0);
}
