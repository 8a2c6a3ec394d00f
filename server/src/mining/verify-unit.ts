import type { FoundCall } from './calls/call-index.ts';
import type { Example } from './examples/example.ts';
import { type Inputs, inputsOf } from './generate/inputs.ts';
import { helpersIn } from './generate/named-values.ts';
import { poolsOf } from './generate/pool.ts';
import type { MadeCall, ObjectCall } from './recording/recorded-calls.ts';
import type { Module, Statement } from './slicing/module.ts';
import { type Sliced, sliceProgram } from './slicing/program.ts';
import { undecorated } from './syntax/syntax.ts';
import type { Unit } from './units.ts';
import type { VerifiedUnit } from './verify-calls.ts';
import { callsMadeUp, type SubjectVerified, type UnitVerifying, verifySubject } from './verify-subject.ts';
import { hasKept, hasSeeds, isTelling, verifySeen, verifyViews } from './verify-views.ts';
import type { Workspace } from './workspace.ts';
import { builtWrappers } from './wrappers/built-wrapper.ts';
import { changedArgumentWrapper } from './wrappers/changed-argument-wrapper.ts';
import { type ExampleForm, exampleProgram } from './wrappers/example-wrapper.ts';
import { functionWrappers } from './wrappers/function-wrapper.ts';
import { keywordWrapper } from './wrappers/keyword-wrapper.ts';
import { methodWrappers } from './wrappers/method-wrapper.ts';
import { recordedWrappers } from './wrappers/recorded-wrapper.ts';
import { viewWrapper } from './wrappers/view-wrapper.ts';
import { asksForText, returnedBy, returning, seenAs, type View, viewsAfter } from './wrappers/views.ts';
import { type Wrapper, wrapped } from './wrappers/wrapper.ts';

/** Calls from which on a unit needs no made-up ones. */
export const enoughCalls = 8;

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

  const seen = await verifyReturned(toVerify, plain, inputs, verifying, signal);
  if (seen.verified !== undefined) {
    // What they give is told now.
    const [first] = all.splice(0, 1);
    if (first !== undefined)
      all.push({ ...first, lost: first.lost.filter(({ loss }) => loss !== 'unencodable') });
    all.push(seen.verified);
  }
  failure = failure || seen.failure;
  const byName = mayMakeUp ? keywordWrapper(tree, unit, sliced, callsMadeUp) : undefined;
  if (byName !== undefined) {
    const named = await verifyWrappers(toVerify, symbol, [byName], 1, verifying, signal);
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
  const more = await verifyWrappers(toVerify, symbol, wrappers, maxWrappers, verifying, signal);
  all.push(...more.verified);
  failure = failure || more.failure;
  if (hasSeeds(all)) return { verified: all, failure };
  const built = await builtWrappers(toVerify, callsMadeUp, verifying.workspace, signal);
  const last = await verifyWrappers(toVerify, symbol, built, 1, verifying, signal);
  return { verified: [...all, ...last.verified], failure: failure || last.failure };
}

/** Verifies what a function's calls return that is no literal, by what can be seen of it: the list of its items, or its text. */
async function verifyReturned(
  toVerify: UnitToVerify,
  plain: SubjectVerified,
  inputs: Inputs | null,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<Pick<SubjectVerified, 'verified' | 'failure'>> {
  const { unit } = toVerify;
  const isMadeUp = ({ source }: FoundCall) => source === 'generated';
  const found = plain.unencodable.filter((call) => !isMadeUp(call));
  const picked = plain.unencodable.filter(isMadeUp).map(({ call }) => call);
  const made = inputs === null ? null : { ...inputs, picked };
  const seenBy = async (view: View) => {
    const program = await programFor(view, toVerify, verifying, signal);
    const wrapper = viewWrapper(program, unit.symbol, unit.parameters, view);
    return (
      wrapper && {
        sliced: wrapper.sliced,
        names: [wrapper.entry, unit.symbol] as const,
        found,
        inputs: made,
      }
    );
  };
  return verifyViews(viewsAfter(null, plain.objectType), seenBy, verifying, signal);
}

/** Programs that say how their objects are written, by their unit: each is sliced once, however many views ask for it. */
const spoken = new WeakMap<UnitToVerify, Promise<Sliced>>();

/** The program of a unit, with what says how its objects are written where it is asked for that: nothing else calls it. */
function programFor(
  view: View | null,
  toVerify: UnitToVerify,
  { workspace }: UnitVerifying,
  signal: AbortSignal,
): Promise<Sliced> {
  if (!asksForText(view)) return Promise.resolve(toVerify.sliced);
  const known = spoken.get(toVerify) ?? slicedWithTexts(toVerify, workspace, signal);
  spoken.set(toVerify, known);
  return known;
}

async function slicedWithTexts(
  { module, unit, statement, sliced }: UnitToVerify,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Sliced> {
  const method = unit.statement === null ? [unit.symbol.slice(unit.symbol.lastIndexOf('.') + 1)] : [];
  const asks = [...method, '__repr__', '__str__'];
  const written = await sliceProgram(module, statement, workspace, signal, { asks });
  return written.ok ? written : sliced;
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
  const plain = await verifyWrappers(toVerify, method, wrappers, 1, verifying, signal);
  const all = [...examples, ...plain.verified];
  if (!isTelling(all)) all.push(...(await verifyRecorded(toVerify, method, verifying, signal)));
  if (hasSeeds(all) || !mayMakeUp) return { verified: all, failure: plain.failure };
  const built = await builtWrappers(toVerify, callsMadeUp, verifying.workspace, signal);
  const last = await verifyWrappers(toVerify, method, built, 1, verifying, signal);
  return { verified: [...all, ...last.verified], failure: plain.failure || last.failure };
}

/** Verifies recorded calls that take objects. */
async function verifyRecorded(
  toVerify: UnitToVerify,
  name: string,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<readonly VerifiedUnit[]> {
  const { mayMakeUp, objects } = toVerify;
  const unit = { ...toVerify, recorded: objects };
  const wrappers = recordedWrappers(unit, mayMakeUp ? callsMadeUp : 0, verifying.workspace, signal);
  return (await verifyWrappers(toVerify, name, wrappers, 1, verifying, signal)).verified;
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
    const seenBy = (of: ExampleForm['of']) => async (view: View | null) => {
      const its = await program.sliced({ of, view });
      return its && { sliced: its, names: [entry, name] as const, found, inputs };
    };
    let end = await verifySeen(null, seenBy('result'), verifying, signal);
    // What gives nothing is asked for what it changed.
    if (end.none && !hasKept(end.verified))
      end = await verifySeen(null, seenBy('subject'), verifying, signal);
    if (hasKept(end.verified)) verified.push(end.verified);
  }
  return verified;
}

/** Methods of one name are many: an example that does not name the class is of another one. */
function mayConcern(example: Example | undefined, { symbol }: Unit): boolean {
  const [owner = '', method] = symbol.split('.');
  if (example === undefined || method === undefined) return true;
  return [...example.lines, example.result].some((line) => line.includes(owner));
}

async function verifyWrappers(
  toVerify: UnitToVerify,
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
    const seenBy = (text: string) => async (view: View | null) => {
      const seen = returning(text, seenAs(view, returnedBy(text).expression));
      const whole =
        wrapper.slice === undefined
          ? wrapped(await programFor(view, toVerify, verifying, signal), { text: seen })
          : await wrapper.slice(seen);
      const names = [wrapper.entry, symbol] as const;
      return whole && { sliced: whole, names, found: wrapper.found ?? [], inputs: wrapper.inputs };
    };
    const verify = (text: string) => verifySeen(returnedBy(text).view, seenBy(text), verifying, signal);
    let end = await verify(wrapper.text);
    failure = failure || end.failure;
    // What gives nothing is asked for what it changed.
    if (end.none && !hasKept(end.verified) && wrapper.afterwards !== undefined)
      end = await verify(wrapper.afterwards);
    failure = failure || end.failure;
    if (hasKept(end.verified)) verified.push(end.verified);
  }
  return { verified, failure };
}
