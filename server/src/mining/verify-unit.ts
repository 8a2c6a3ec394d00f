import type { CallSource } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Call } from '../values/value.ts';
import type { FoundCall } from './calls/call-index.ts';
import { callsToTry } from './choose-calls.ts';
import { cutToExecuted } from './cut-to-executed.ts';
import type { Example } from './examples/example.ts';
import type { ExampleIndex } from './examples/example-index.ts';
import { type Inputs, inputsOf } from './generate/inputs.ts';
import { helpersIn } from './generate/named-values.ts';
import { poolsOf } from './generate/pool.ts';
import { tryCalls } from './generate/try-calls.ts';
import type { Tell } from './mine-event.ts';
import type { MadeCall, ObjectCall } from './recording/recorded-calls.ts';
import type { Module, Statement } from './slicing/module.ts';
import type { Sliced } from './slicing/program.ts';
import { undecorated } from './syntax/syntax.ts';
import type { Unit } from './units.ts';
import { type Names, type VerifiedUnit, verifyCalls } from './verify-calls.ts';
import type { Workspace } from './workspace.ts';
import { builtWrappers } from './wrappers/built-wrapper.ts';
import { changedArgumentWrapper } from './wrappers/changed-argument-wrapper.ts';
import { type ExampleForm, exampleProgram } from './wrappers/example-wrapper.ts';
import { functionWrappers } from './wrappers/function-wrapper.ts';
import { keywordWrapper } from './wrappers/keyword-wrapper.ts';
import { listWrapper } from './wrappers/list-wrapper.ts';
import { methodWrappers } from './wrappers/method-wrapper.ts';
import { recordedWrappers } from './wrappers/recorded-wrapper.ts';
import { type Wrapper, wrapped } from './wrappers/wrapper.ts';

/** Calls from which on a unit needs no made-up ones. */
export const enoughCalls = 8;

/** Different outputs from which on a unit needs no made-up calls. */
const enoughOutputs = 8;

/** Calls that are made up for one that needs some, to be tried once each. */
const callsMadeUp = 24;

/** Characters from which on a program is asked for less: it makes no task, and takes long to run. */
const largeProgram = 8_000;

/** Patterns of examples that are tried of one unit. */
const maxPatterns = 5;

/** Wrappers of one unit that give seeds; more would ask the same in other words. */
const maxWrappers = 2;

/** A unit with the calls that were found of it. */
export interface UnitToVerify {
  readonly module: Module;
  readonly unit: Unit;
  /** The top-level statement that it is or belongs to. */
  readonly statement: Statement;
  readonly sliced: Sliced;
  readonly calls: readonly FoundCall[];
  /** Calls of a method that were recorded, with how its object was made. */
  readonly made: readonly MadeCall[];
  /** Recorded calls that take objects. */
  readonly objects: readonly ObjectCall[];
  /** Whether calls may be made up. */
  readonly mayMakeUp: boolean;
}

/** The programs that a unit gives with their verified calls; where there is none, why none of the calls is worth anything. */
export interface UnitVerified {
  readonly verified: readonly VerifiedUnit[];
  readonly failure: string;
}

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
interface Subject {
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

/** Verifies the calls of a function, and wraps it where it gives or takes what is no literal. */
export async function verifyFunction(
  toVerify: UnitToVerify,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const { module, unit, sliced, calls, mayMakeUp } = toVerify;
  const { tree } = module;
  const { symbol } = unit;
  const definition = undecorated(unit.node);
  const helpers = helpersIn(sliced);
  const inputs = mayMakeUp
    ? inputsOf({ tree, node: definition }, unit.parameters, callsMadeUp, helpers)
    : null;
  const plain = await verifySubject({ sliced, names: [symbol], found: calls, inputs }, verifying, signal);
  const all: VerifiedUnit[] = plain.verified === undefined ? [] : [plain.verified];
  let { failure } = plain;

  const asList = plain.unencodable.length === 0 ? undefined : listWrapper(sliced, symbol, unit.parameters);
  if (asList !== undefined) {
    const found = plain.unencodable.filter(({ source }) => source !== 'generated');
    const others = plain.unencodable.filter(({ source }) => source === 'generated').map(({ call }) => call);
    const made = inputs === null ? null : { ...inputs, picked: others };
    const names = [asList.entry, symbol] as const;
    const subject = { sliced: asList.sliced, names, found, inputs: made };
    const listed = await verifySubject(subject, verifying, signal);
    if (listed.verified !== undefined && listed.verified.kept.length > 0) {
      // What they give is told now.
      const [first] = all.splice(0, 1);
      if (first !== undefined)
        all.push({ ...first, lost: first.lost.filter(({ loss }) => loss !== 'unencodable') });
      all.push(listed.verified);
    }
    failure = failure || listed.failure;
  }
  const byName = mayMakeUp ? keywordWrapper(tree, unit, sliced, callsMadeUp) : undefined;
  if (byName !== undefined) {
    const named = await verifyWrappers(sliced, symbol, [byName], 1, verifying, signal);
    all.push(...named.verified);
    failure = failure || named.failure;
  }
  if (!isTelling(all)) all.push(...(await verifyRecorded(toVerify, symbol, verifying, signal)));
  if (hasSeeds(all)) return { verified: all, failure };
  all.push(...(await verifyExamples(toVerify, symbol, verifying, signal)));
  if (hasSeeds(all) || !mayMakeUp) return { verified: all, failure };

  const changed = plain.none ? changedArgumentWrapper(tree, unit, sliced, callsMadeUp) : undefined;
  const pools = poolsOf(tree, definition, unit.parameters, helpers);
  const wrappers =
    changed === undefined
      ? functionWrappers({ tree, definition, symbol, sliced }, pools, callsMadeUp)
      : [changed];
  const more = await verifyWrappers(sliced, symbol, wrappers, maxWrappers, verifying, signal);
  all.push(...more.verified);
  failure = failure || more.failure;
  if (hasSeeds(all)) return { verified: all, failure };
  const built = await builtWrappers(toVerify, callsMadeUp, verifying.workspace, signal);
  const last = await verifyWrappers(sliced, symbol, built, 1, verifying, signal);
  return { verified: [...all, ...last.verified], failure: failure || last.failure };
}

/** Makes a method into a program and verifies it. */
export async function verifyMethod(
  toVerify: UnitToVerify,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const { module, unit, statement, sliced, mayMakeUp } = toVerify;
  const method = unit.symbol.slice(unit.symbol.indexOf('.') + 1);
  const examples = await verifyExamples(toVerify, method, verifying, signal);
  if (hasSeeds(examples)) return { verified: examples, failure: '' };
  const wrappers = methodWrappers(module, unit, statement, sliced, {
    count: mayMakeUp ? callsMadeUp : 0,
    recorded: toVerify.made,
  });
  const plain = await verifyWrappers(sliced, method, wrappers, 1, verifying, signal);
  const all = [...examples, ...plain.verified];
  if (!isTelling(all)) all.push(...(await verifyRecorded(toVerify, method, verifying, signal)));
  if (hasSeeds(all) || !mayMakeUp) return { verified: all, failure: plain.failure };
  const built = await builtWrappers(toVerify, callsMadeUp, verifying.workspace, signal);
  const last = await verifyWrappers(sliced, method, built, 1, verifying, signal);
  return { verified: [...all, ...last.verified], failure: plain.failure || last.failure };
}

/** Verifies recorded calls that take objects. */
async function verifyRecorded(
  toVerify: UnitToVerify,
  name: string,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<readonly VerifiedUnit[]> {
  const { sliced, mayMakeUp, objects } = toVerify;
  const unit = { ...toVerify, recorded: objects };
  const wrappers = recordedWrappers(unit, mayMakeUp ? callsMadeUp : 0, verifying.workspace, signal);
  return (await verifyWrappers(sliced, name, wrappers, 1, verifying, signal)).verified;
}

/** Verifies examples that call a unit with more than literals. */
async function verifyExamples(
  { module, unit, statement, mayMakeUp }: UnitToVerify,
  name: string,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<VerifiedUnit[]> {
  const { workspace, examples, sources } = verifying;
  const verified: VerifiedUnit[] = [];
  let tried = 0;
  for (const all of examples.examplesOf(name)) {
    if (verified.length >= maxWrappers || tried >= maxPatterns) break;
    const its = all.filter(({ source }) => sources.has(source));
    if (its.length === 0 || !mayConcern(its[0], unit)) continue;
    tried += 1;
    const subject = { module, owner: statement, name };
    const program = await exampleProgram(subject, its, callsMadeUp, workspace, signal);
    if (program === undefined) continue;
    const { entry, found } = program;
    const inputs = mayMakeUp ? program.inputs : null;
    let form: ExampleForm | undefined = 'result';
    while (form !== undefined) {
      const its = await program.sliced(form);
      if (its === undefined) break;
      const subject = { sliced: its, names: [entry, name] as const, found, inputs };
      const end = await verifySubject(subject, verifying, signal);
      if (end.verified !== undefined && end.verified.kept.length > 0) {
        verified.push(end.verified);
        break;
      }
      // What gives nothing is asked for what it changed, what gives an object for the list of what it holds.
      if (end.none) form = form === 'result' ? 'subject' : undefined;
      else if (end.unencodable.length > 0) form = nextForm[form];
      else form = undefined;
    }
  }
  return verified;
}

/** What is asked where a form gives an object that is no literal. */
const nextForm = {
  result: 'list',
  subject: 'list-of-subject',
  list: undefined,
  'list-of-subject': undefined,
} as const;

/** Methods of one name are many: an example that does not name the class is of another one. */
function mayConcern(example: Example | undefined, { symbol }: Unit): boolean {
  const [owner = '', method] = symbol.split('.');
  if (example === undefined || method === undefined) return true;
  return [...example.lines, example.result].some((line) => line.includes(owner));
}

async function verifyWrappers(
  sliced: Sliced,
  symbol: string,
  wrappers: readonly Wrapper[],
  most: number,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<UnitVerified> {
  const verified: VerifiedUnit[] = [];
  let failure = '';
  for (const wrapper of wrappers) {
    if (verified.length >= most) break;
    let text: string | undefined = wrapper.text;
    let kept: VerifiedUnit | undefined;
    while (text !== undefined) {
      const whole = await programOf(sliced, wrapper, text);
      if (whole === undefined) break;
      const subject: Subject = {
        sliced: whole,
        names: [wrapper.entry, symbol],
        found: wrapper.found ?? [],
        inputs: wrapper.inputs,
      };
      const its = await verifySubject(subject, verifying, signal);
      failure = failure || its.failure;
      if (its.verified !== undefined && hasSeeds([its.verified])) {
        const tells = isTelling([its.verified]);
        if (tells || kept === undefined) kept = its.verified;
        // Where all that is no literal is left out, the rest may be no more than what is empty.
        if (tells || its.unencodable.length === 0) break;
      }
      // What gives nothing is asked for what it changed, what gives an object for what it holds.
      if (its.none) text = text === wrapper.afterwards ? undefined : wrapper.afterwards;
      else text = its.unencodable.length > 0 || formOf(text) !== 'result' ? shown(text, its) : undefined;
    }
    if (kept !== undefined) verified.push(kept);
  }
  return { verified, failure };
}

/** The program that a text of a wrapper makes; undefined where what it needs cannot be taken along. */
async function programOf(sliced: Sliced, wrapper: Wrapper, text: string): Promise<Sliced | undefined> {
  if (wrapper.slice !== undefined) return wrapper.slice(text);
  // How objects are written is said by methods that nothing else calls.
  const whole = formOf(text) === 'texts' ? await sliced.whole?.() : undefined;
  return wrapped(whole?.ok === true ? whole : sliced, { text });
}

/** What a wrapper returns: what it calls gives; the list of what that holds; how these are written; its attributes. */
type ShownForm = 'result' | 'list' | 'texts' | 'attributes';

const shownForms: Readonly<Record<Exclude<ShownForm, 'result'>, readonly [before: string, after: string]>> = {
  list: ['list(', ')'],
  texts: ['[str(each) for each in ', ']'],
  attributes: ['vars(', ')'],
};

function returnedBy(text: string): string {
  return /\n {4}return (.*)\n$/.exec(text)?.[1] ?? '';
}

function formOf(text: string): ShownForm {
  const line = returnedBy(text);
  const forms = ['list', 'texts', 'attributes'] as const;
  return (
    forms.find((form) => line.startsWith(shownForms[form][0]) && line.endsWith(shownForms[form][1])) ??
    'result'
  );
}

/** The wrapper's text with what it returns shown in the next form; undefined after the last. */
function shown(text: string, { unencodable }: Pick<SubjectVerified, 'unencodable'>): string | undefined {
  const form = formOf(text);
  if (form === 'attributes') return undefined;
  const line = returnedBy(text);
  const [before, after] = form === 'result' ? ['', ''] : shownForms[form];
  const value = line.slice(before.length, line.length - after.length);
  // Only what has items is written as a list of texts.
  const afterList = unencodable.length > 0 ? 'texts' : 'attributes';
  const next = { result: 'list', list: afterList, texts: 'attributes' } as const;
  const [open, close] = shownForms[next[form]];
  return text.replace(/\n {4}return .*\n$/, () => `\n    return ${open}${value}${close}\n`);
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
  { sliced: all, names, found, inputs }: Subject,
  { sandbox, tell, onTried }: UnitVerifying,
  signal: AbortSignal,
): Promise<SubjectVerified> {
  const known = [...found.map(({ call }) => call), ...(inputs?.picked ?? [])];
  const sliced = await withoutTheIdle(all, names[0], known, sandbox, signal);
  const program = sliced.source('none');
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
  const unencodable = [
    ...lost.filter(({ loss }) => loss === 'unencodable').map((each) => each.found),
    ...tried.unencodable,
  ];
  const none = tried.none || lost.some(({ loss }) => loss === 'none-output');
  const texts = new Set([...found.map(({ text }) => text), ...tried.texts]);
  onTried({ sliced, names, calls, texts, verified, givesNoLiteral: none || unencodable.length > 0 });
  return { verified, unencodable, none, failure };
}

/** Calls by which it is told what of a large program is needed. */
const callsToFollow = 8;

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

function hasSeeds(verified: readonly VerifiedUnit[]): boolean {
  return verified.some(({ kept }) => kept.length > 0);
}

/** Whether calls give different values. */
function isTelling(verified: readonly VerifiedUnit[]): boolean {
  const outputs = verified.flatMap(({ kept }) => kept.map(({ output }) => output));
  return new Set(outputs.filter((output) => !output.startsWith('raise '))).size > 1;
}
