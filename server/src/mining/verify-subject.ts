import type { CallSource } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Call } from '../values/value.ts';
import type { FoundCall } from './calls/call-index.ts';
import { callsToTry } from './choose-calls.ts';
import { cutToExecuted } from './cut-to-executed.ts';
import type { ExampleIndex } from './examples/example-index.ts';
import type { Inputs } from './generate/inputs.ts';
import { tryCalls } from './generate/try-calls.ts';
import type { Tell } from './mine-event.ts';
import type { Sliced } from './slicing/program.ts';
import { type Names, type VerifiedUnit, verifyCalls } from './verify-calls.ts';
import type { Workspace } from './workspace.ts';

/** Different outputs from which on a unit needs no made-up calls. */
const enoughOutputs = 8;

/** Calls that are made up for one that needs some, to be tried once each. */
export const callsMadeUp = 24;

/** Characters from which on a program is asked for less: it makes no task, and takes long to run. */
const largeProgram = 8_000;

/** Characters of a program, cut to what its calls execute, from which on no call is tried: it would run long and never be asked about. */
const maxCutProgram = 40_000;

/** A program of a unit that was tried. */
export interface TriedProgram {
  readonly sliced: Sliced;
  readonly names: Names;
  /** Those that were verified. */
  readonly calls: readonly FoundCall[];
  /** The argument tuples of all calls that it was tried with, as literal text. */
  readonly texts: ReadonlySet<string>;
  /** Undefined where no call was worth verifying. */
  readonly verified: VerifiedUnit | undefined;
  /** Whether calls return what is no literal, or nothing. */
  readonly givesNoLiteral: boolean;
}

/** A program with calls to try. */
export interface Subject {
  readonly sliced: Sliced;
  readonly names: Names;
  readonly found: readonly FoundCall[];
  /** What calls are made up of; null where none may be. */
  readonly inputs: Inputs | null;
}

/** What verifying any unit takes. */
export interface UnitVerifying {
  readonly sandbox: Sandbox;
  readonly workspace: Workspace;
  readonly examples: ExampleIndex;
  readonly sources: ReadonlySet<CallSource>;
  readonly tell: Tell;
  /** Takes each program that was tried. */
  readonly onTried: (tried: TriedProgram) => void;
}

/** What came of a program and its calls. */
export interface SubjectVerified {
  /** Undefined where there was no call to verify. */
  readonly verified: VerifiedUnit | undefined;
  /** Calls that return what is no literal, and the type of one such object; undefined where there is none. */
  readonly unencodable: readonly FoundCall[];
  readonly objectType: string | undefined;
  /** Whether calls return nothing. */
  readonly none: boolean;
  readonly failure: string;
}

/** What is no literal, but no object either. */
const noObjects = new Set(['NaN', 'too long']);

/** Verifies the found calls, and of the made-up ones the most telling. */
export async function verifySubject(
  { sliced: all, names, found, inputs }: Subject,
  { sandbox, tell, onTried }: UnitVerifying,
  signal: AbortSignal,
): Promise<SubjectVerified> {
  const known = [...found.map(({ call }) => call), ...(inputs?.picked ?? [])];
  const sliced = await withoutTheIdle(all, names[0], known, sandbox, signal);
  const program = sliced.source('none');
  if (program.length > maxCutProgram) {
    const detail = `${program.length} characters`;
    const lost = found.map((each) => ({ found: each, loss: 'program-too-large', detail }) as const);
    const failure = `needs ${detail}`;
    tell('tried', `${names[0]}: ${failure}`);
    const verified = lost.length === 0 ? undefined : { program, entry: names[0], kept: [], lost };
    return { verified, unencodable: [], objectType: undefined, none: false, failure };
  }
  if (program.length > largeProgram) {
    const type = await typeOfObjects(program, names[0], known, sandbox, signal);
    if (type !== undefined) {
      tell('tried', `${names[0]}: ${type} is no literal; asked another way`);
      return { verified: undefined, unencodable: found, objectType: type, none: false, failure: type };
    }
  }
  // Most of what a large program takes is to be read and compiled, again for each call.
  const wanted =
    program.length > largeProgram
      ? { outputs: enoughOutputs / 2, tried: callsMadeUp / 3 }
      : { outputs: enoughOutputs, tried: callsMadeUp };
  const toTry = { program, entry: names[0], found: callsToTry(found).tried, inputs };
  const tried = await tryCalls(toTry, wanted, sandbox, signal);
  const calls = [...found, ...tried.chosen];
  const verified = calls.length === 0 ? undefined : await verifyCalls(sliced, names, calls, sandbox, signal);
  const lost = verified?.lost ?? [];
  const failure = tried.failure || (verified?.kept.length === 0 ? (lost[0]?.loss ?? '') : '');
  const kept = verified?.kept.length ?? 0;
  tell(
    'tried',
    `${names[0]}: ${found.length} found and ${tried.count} made up, ${kept} kept${failure && `; ${failure}`}`,
  );
  const objects = lost.filter(({ loss, detail }) => loss === 'unencodable' && !noObjects.has(detail));
  const unencodable = [...objects.map((each) => each.found), ...tried.unencodable];
  const objectType = objects[0]?.detail ?? tried.objectType;
  const none = tried.none || lost.some(({ loss }) => loss === 'none-output');
  const texts = new Set([...found.map(({ text }) => text), ...tried.texts]);
  onTried({ sliced, names, calls, texts, verified, givesNoLiteral: none || unencodable.length > 0 });
  return { verified, unencodable, objectType, none, failure };
}

/** Calls by which it is told what of a large program is needed. */
const callsToFollow = 8;

/** The type of what the first calls of a large program return, where all return objects: it is asked another way at once. */
async function typeOfObjects(
  program: string,
  entry: string,
  calls: readonly Call[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<string | undefined> {
  const some = calls.slice(0, callsToFollow).map((call) => ({ program, entry, call }));
  const ran = await sandbox.runBatch(some, signal);
  const returned = ran.filter(({ outcome }) => outcome === 'ok' || outcome === 'unencodable');
  const [first] = returned;
  return first?.outcome === 'unencodable' && returned.every(({ outcome }) => outcome === 'unencodable')
    ? first.what
    : undefined;
}

/** A large program without what the first calls leave idle; others need no more of it as a rule, and it runs many times as fast. */
async function withoutTheIdle(
  sliced: Sliced,
  entry: string,
  calls: readonly Call[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Sliced> {
  if (sliced.source('none').length <= largeProgram) return sliced;
  const some = calls.slice(0, callsToFollow);
  return (await cutToExecuted(sliced, entry, some, sandbox, signal)) ?? sliced;
}
