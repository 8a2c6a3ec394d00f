import type { Execution, Sandbox, Verified } from '../sandbox/sandbox.ts';
import {
  type Answered,
  type AnswerVisible,
  answerVisibleIn,
  escapeRegExp,
  type ProgramTexts,
  programTexts,
} from '../tasks/answer-visible.ts';
import { taskSize } from '../tasks/task-size.ts';
import { writeValue } from '../values/literal-writer.ts';
import { holdsNaN } from '../values/relations.ts';
import type { FoundCall } from './calls/call-index.ts';
import { callsToTry, chooseCalls, type LostCall, type VerifiedCall } from './choose-calls.ts';
import { cutToExecuted, endText } from './cut-to-executed.ts';
import type { Loss } from './losses.ts';
import { overlap } from './overlap.ts';
import { createPacer, type Pace } from './pacer.ts';
import type { Sliced } from './slicing/program.ts';
import { type Prose, proseLevels } from './slicing/prose-edits.ts';
import { importsPackage } from './slicing/standard-library.ts';

export interface VerifiedUnit {
  readonly program: string;
  readonly entry: string;
  readonly kept: readonly VerifiedCall[];
  readonly lost: readonly LostCall[];
}

/** The entry, then names of the program under which a text could show the same call. */
export type Names = readonly [entry: string, ...others: string[]];

const callsAtATime = 4;
/** Runs into limits, after which the unit's other calls are not tried: each costs as long as hundreds of calls that return. */
const maxLimits = 3;
/** Well below what a run is given later, so that a seed never fails on a slower day. */
const limits = { cpuMs: 500 };
/** For a program with all that was left out of it. */
const patientLimits = { cpuMs: 2_500, wallMs: 6_000 };
const maxOutputLength = 2_000;
/** Exceptions that say more of how the program was cut out than of what it does. */
const ofTheCut = new Set([
  'NameError',
  'UnboundLocalError',
  'ImportError',
  'ModuleNotFoundError',
  'SyntaxError',
]);

/** What the system raises where it is asked for what a sandbox does not give. */
const ofTheSystem = new Set([
  'OSError',
  'BlockingIOError',
  'BrokenPipeError',
  'ChildProcessError',
  'ConnectionAbortedError',
  'ConnectionError',
  'ConnectionRefusedError',
  'ConnectionResetError',
  'FileExistsError',
  'FileNotFoundError',
  'InterruptedError',
  'IsADirectoryError',
  'NotADirectoryError',
  'PermissionError',
  'ProcessLookupError',
  'TimeoutError',
]);

/**
 * Runs a unit's calls and keeps those that give one output, reliably, that the program does not show. All calls of a unit share
 * one program: with all its prose, or with less where that would show an answer or make it larger than a task may be.
 */
export async function verifyCalls(
  sliced: Sliced,
  names: Names,
  calls: readonly FoundCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<VerifiedUnit> {
  const first = firstLevel(sliced);
  const { tried, beyond } = callsToTry(calls);
  let attempt = await runAll(sliced.source(first), names, tried, sandbox, signal);
  const level =
    attempt.shown.length === 0 ? first : await bestLevel(sliced, names, first, attempt, createPacer(signal));
  if (level !== first) attempt = await runAll(sliced.source(level), names, tried, sandbox, signal);
  const whole = await sliced.whole?.();
  // A method that nothing seems to call may be called all the same: then nothing of the classes is left out.
  if (whole?.ok === true && !(await isSame(whole.source('none'), names[0], attempt.kept, sandbox, signal))) {
    const { whole: _, ...uncut } = whole;
    return verifyCalls(uncut, names, calls, sandbox, signal);
  }
  const { pure, impure } = await withoutEffects(sliced, level, names[0], attempt.kept, sandbox, signal);
  const program = sliced.source(level);
  const { kept, dropped } = await chooseCalls(pure, async ({ found: { call } }) => {
    const trace = await sandbox.trace({ program, entry: names[0], call, limits }, signal);
    return trace.lines;
  });
  return {
    program: await smallest(sliced, level, names[0], kept, sandbox, signal),
    entry: names[0],
    kept,
    lost: [...attempt.lost, ...impure, ...dropped, ...beyond],
  };
}

/** The program, cut to what its calls execute where it would be too large for a task, as long as they give the same. */
async function smallest(
  sliced: Sliced,
  level: Prose,
  entry: string,
  kept: readonly VerifiedCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<string> {
  const program = sliced.source(level);
  if (program.length <= taskSize.program || kept.length === 0) return program;
  const calls = kept.map(({ found }) => found.call);
  return (await cutToExecuted(sliced, entry, calls, sandbox, signal))?.source(level) ?? program;
}

/** Divides calls by whether they execute what reads or changes something outside, or what the program does not have. */
async function withoutEffects(
  { effects, source }: Sliced,
  level: Prose,
  entry: string,
  calls: readonly VerifiedCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<{ readonly pure: readonly VerifiedCall[]; readonly impure: readonly LostCall[] }> {
  if (effects.size === 0) return { pure: calls, impure: [] };
  const program = source(level);
  const lines = program.split('\n');
  const words = [...effects].map(([written, name]) => {
    // Of an attribute of anything, what stands before it is no part of it; `getattr` asks for it by its name alone.
    const pattern = written.startsWith('.')
      ? `(?<!\\w)${escapeRegExp(written.slice(1))}`
      : `(?<![\\w.])${escapeRegExp(written)}`;
    return [new RegExp(`${pattern}(?!\\w)`), name] as const;
  });
  const pure: VerifiedCall[] = [];
  const impure: LostCall[] = [];
  for (const call of calls) {
    const trace = await sandbox.trace({ program, entry, call: call.found.call, limits }, signal);
    const executed = trace.lines
      .map((line) => lines[line - 1] ?? '')
      .filter((line) => !handsModuleOn(line))
      .join('\n');
    // What the attributes of an object show was not read by its name.
    const effect = call.output.includes('__module__')
      ? ([undefined, moduleShown] as const)
      : words.find(([word]) => word.test(executed));
    // Nothing executed means that it ended by force, which tells nothing.
    if (effect === undefined && trace.lines.length > 0) pure.push(call);
    else
      impure.push({
        found: call.found,
        loss: effect?.[1].loss ?? 'does-io',
        detail: effect?.[1].detail ?? 'not known',
      });
  }
  return { pure, impure };
}

const moduleShown = { loss: 'unknown-name', detail: '__module__' } as const;

/** Whether a line hands the name of a function's module on, as `wraps` does: whoever reads it there has to name it, too. */
function handsModuleOn(line: string): boolean {
  const from = /\w+\.__module__|getattr\(\w+, *['"]__module__['"](, *None)?\)/.source;
  return new RegExp(`^\\s*\\w+\\.__module__ = (${from})$`).test(line);
}

/** Whether a program gives the same outputs. */
async function isSame(
  program: string,
  entry: string,
  calls: readonly VerifiedCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  const ran = await sandbox.runBatch(
    calls.map(({ found: { call } }) => ({ program, entry, call, limits: patientLimits })),
    signal,
  );
  return ran.every((end, index) => endText(end) === calls[index]?.output);
}

/** The level with most prose at which the program is not too large for a task. */
export function firstLevel(sliced: Sliced): Prose {
  return proseLevels.find((level) => sliced.source(level).length <= taskSize.program) ?? 'none';
}

/** The level with most prose, from the first on, at which as few answers as possible are visible. */
async function bestLevel(
  sliced: Sliced,
  names: Names,
  first: Prose,
  attempt: Attempt,
  pace: Pace,
): Promise<Prose> {
  let best = { level: first, shown: Number.POSITIVE_INFINITY };
  for (const level of proseLevels.slice(proseLevels.indexOf(first))) {
    const texts = programTexts(sliced.source(level));
    let shown = 0;
    for (const { found, output } of [...attempt.kept, ...attempt.shown]) {
      await pace();
      const visible = visibleIn(texts, names, { call: found.text, output });
      if (visible === 'call' || visible === 'prose') shown++;
    }
    if (shown < best.shown) best = { level, shown };
    if (shown === 0) break;
  }
  return best.level;
}

interface Attempt {
  readonly kept: readonly VerifiedCall[];
  readonly lost: readonly LostCall[];
  /** Calls that were lost because a text shows their answer. */
  readonly shown: readonly VerifiedCall[];
}

async function runAll(
  program: string,
  names: Names,
  calls: readonly FoundCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Attempt> {
  const kept: VerifiedCall[] = [];
  const lost: LostCall[] = [];
  const shown: VerifiedCall[] = [];
  const texts = programTexts(program);
  const usesPackage = importsPackage(program, sandbox.packages);
  let limited = 0;
  const tasks = calls.map((found) => async () => {
    if (limited >= maxLimits)
      return { found, ok: false, loss: 'limit', detail: 'not tried after others' } as const;
    const execution = { program, entry: names[0], call: found.call, limits };
    const verified = await sandbox.verify(execution, signal);
    // What a package does to the outside is not seen in the program's lines.
    const isRefused = verified.outcome === 'exception' && usesPackage && ofTheSystem.has(verified.type);
    if (isRefused) return { found, ok: false, loss: 'does-io', detail: verified.type } as const;
    const result = outputOf(verified);
    if (!result.ok) {
      if (result.loss === 'limit') limited++;
      return { found, ...result } as const;
    }
    const answered = { call: found.text, output: result.output };
    const visible = await whereVisible(texts, names, execution, answered, sandbox, signal);
    return { found, ...result, visible } as const;
  });
  for await (const result of overlap(tasks, callsAtATime)) {
    const { found } = result;
    if (!result.ok) lost.push({ found, loss: result.loss, detail: result.detail });
    else if (result.visible === false) kept.push({ found, output: result.output });
    else {
      if (result.visible !== 'code') shown.push({ found, output: result.output });
      lost.push({ found, loss: 'answer-in-prompt', detail: result.visible });
    }
  }
  return { kept, lost, shown };
}

/** Where the answer stands; which lines the call executes is asked only where that decides. */
async function whereVisible(
  texts: ProgramTexts,
  names: Names,
  execution: Execution,
  answered: Omit<Answered, 'entry'>,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<false | AnswerVisible> {
  const visible = visibleIn(texts, names, answered);
  if (visible !== 'code') return visible;
  const { lines: executedLines } = await sandbox.trace(execution, signal);
  return visibleIn(texts, names, { ...answered, executedLines });
}

function visibleIn(
  texts: ProgramTexts,
  names: Names,
  answered: Omit<Answered, 'entry'>,
): false | AnswerVisible {
  for (const entry of names) {
    const visible = answerVisibleIn(texts, { ...answered, entry });
    if (visible !== false) return visible;
  }
  return false;
}

type OutputRead =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly loss: Loss; readonly detail: string };

function outputOf(verified: Verified): OutputRead {
  const lose = (loss: Loss, detail = ''): OutputRead => ({ ok: false, loss, detail });
  switch (verified.outcome) {
    case 'ok': {
      const { value } = verified;
      if (value.type === 'none') return lose('none-output');
      if (holdsNaN(value)) return lose('unencodable', 'NaN');
      const output = writeValue(value);
      return output.length > maxOutputLength ? lose('unencodable', 'too long') : { ok: true, output };
    }
    case 'exception':
      return ofTheCut.has(verified.type)
        ? lose('unknown-name', verified.type)
        : { ok: true, output: `raise ${verified.type}` };
    case 'unencodable':
    case 'violation':
      return lose(verified.outcome, verified.what);
    case 'limit':
      return lose('limit', verified.limit);
    case 'crash':
      return lose('crash', verified.signal);
    case 'refused':
      return lose('refused', verified.reason);
    case 'drifts':
      return lose('drifts');
  }
}
