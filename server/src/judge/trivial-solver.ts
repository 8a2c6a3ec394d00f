import type {
  AbductionTask,
  DeductionTask,
  InductionTask,
  Task,
  TrivialSolver,
} from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readCall, readOutput } from '../values/literal-reader.ts';
import { sameOutput, sameValue } from '../values/relations.ts';
import type { Call, Output, Value } from '../values/value.ts';
import { emptyValue } from './empty-value.ts';
import { distance } from './nearest.ts';
import { programKey, type TrivialContext } from './trivial-context.ts';

/** The cheap trick that gets this task, tried in the order of the words' table; null where none does. */
export async function trivialSolver(
  task: Task,
  context: TrivialContext,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TrivialSolver | null> {
  switch (task.kind) {
    case 'deduction':
      return deductionSolver(task, context);
    case 'abduction':
      return abductionSolver(task, context, sandbox, signal);
    case 'induction':
      return inductionSolver(task);
  }
}

function deductionSolver({ call, output }: DeductionTask, { outputs }: TrivialContext): TrivialSolver | null {
  const gold = goldValue(output);
  if (gold === undefined) return null;
  if (callOf(call).some((argument) => sameValue(argument, gold))) return 'argument';
  if (sameValue(emptyValue(gold.type), gold)) return 'empty-value';
  const commonest = outputs
    .map(({ output: text }) => goldValue(text))
    .find((value) => value?.type === gold.type);
  return commonest !== undefined && sameValue(commonest, gold) ? 'commonest-output' : null;
}

async function abductionSolver(
  task: AbductionTask,
  { calls }: TrivialContext,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TrivialSolver | null> {
  const gold = outputOf(task.output);
  const { program, entry } = task;
  const gets = async (call: Call): Promise<boolean> => {
    const ran = await sandbox.run({ program, entry, call }, signal);
    return ran.outcome === 'ok' && sameOutput({ type: 'value', value: ran.value }, gold);
  };
  if (gold.type === 'value' && (await gets([gold.value]))) return 'output-as-call';
  if (await gets(callOf(task.call).map(({ type }) => emptyValue(type)))) return 'empty-arguments';
  const known = calls.get(programKey(task)) ?? [];
  const [commonest, next] = known;
  // With a single known call there is no commonest one: it would be the answer itself.
  if (commonest === undefined || next === undefined || commonest.count <= next.count) return null;
  return sameOutput(outputOf(commonest.output), gold) && (await gets(callOf(commonest.call)))
    ? 'commonest-call'
    : null;
}

function inductionSolver({ shown, hidden }: InductionTask): TrivialSolver | null {
  const known = shown.map(pairOf);
  const asked = hidden.map(pairOf);
  const all = (guess: (call: Call) => Output | undefined): boolean =>
    asked.every(({ call, output }) => {
      const guessed = guess(call);
      return guessed !== undefined && sameOutput(guessed, output);
    });
  if (all(([first]) => (first === undefined ? undefined : { type: 'value', value: first })))
    return 'identity';
  if (known.some(({ output }) => all(() => output))) return 'constant';
  const shownTable = (call: Call) => known.find((pair) => sameCall(pair.call, call))?.output;
  if (all(shownTable)) return 'shown-table';
  const nearest = (call: Call) =>
    known.toSorted((a, b) => apart(a.call, call) - apart(b.call, call))[0]?.output;
  return all(nearest) ? 'nearest-shown' : null;
}

function sameCall(a: Call, b: Call): boolean {
  return sameValue({ type: 'tuple', items: a }, { type: 'tuple', items: b });
}

function apart(a: Call, b: Call): number {
  return distance({ type: 'tuple', items: a }, { type: 'tuple', items: b });
}

function pairOf([call, output]: readonly [string, string]): { readonly call: Call; readonly output: Output } {
  return { call: callOf(call), output: outputOf(output) };
}

/** Texts of tasks were written by us: one that cannot be read is a broken record, not a person's mistake. */
function callOf(text: string): Call {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(`A task's call is no literal: ${text}`);
  return read.value;
}

function outputOf(text: string): Output {
  const read = readOutput(text);
  if (!read.ok) throw new TypeError(`A task's output is no literal: ${text}`);
  return read.value;
}

function goldValue(text: string): Value | undefined {
  const output = outputOf(text);
  return output.type === 'value' ? output.value : undefined;
}
