import type { TrivialSolver } from '../../../protocol/task.ts';
import { readOutput } from '../values/literal-reader.ts';
import { sameOutput } from '../values/relations.ts';
import type { Call, Output, Value } from '../values/value.ts';
import { emptyValue } from './empty-value.ts';
import type { CommonOutput } from './trivial-context.ts';

/**
 * Which trivial solver predicts an output; null where none does. `outputs` are those of a set, commonest first; where the task's
 * own call is part of the set, `counted` is the output that it adds.
 */
export function trivialDeduction(
  call: Call,
  gold: Output,
  outputs: readonly CommonOutput[],
  counted: string | undefined,
): TrivialSolver | null {
  const gets = (value: Value) => sameOutput({ type: 'value', value }, gold);
  if (isArgument(call, gold)) return 'argument';
  if (gold.type === 'value' && gets(emptyValue(gold.value.type))) return 'empty-value';
  const commonest = commonestOutput(typeOf(gold), outputs, counted);
  return commonest !== undefined && sameOutput(commonest, gold) ? 'commonest-output' : null;
}

/** Whether an output is one of the call's arguments. */
export function isArgument(call: Call, gold: Output): boolean {
  return call.some((value) => sameOutput({ type: 'value', value }, gold));
}

/**
 * The output of a type that most other calls gave: two of them at least, or an output that stands alone in its type would be its
 * own commonest one.
 */
function commonestOutput(
  type: OutputType,
  outputs: readonly CommonOutput[],
  counted: string | undefined,
): Output | undefined {
  let commonest: Output | undefined;
  let most = 1;
  for (const { output, count } of outputs) {
    if (count <= most) break;
    const others = output === counted ? count - 1 : count;
    const read = readOutput(output);
    if (others <= most || !read.ok || typeOf(read.value) !== type) continue;
    [commonest, most] = [read.value, others];
  }
  return commonest;
}

type OutputType = Value['type'] | 'raise';

function typeOf(output: Output): OutputType {
  return output.type === 'raise' ? 'raise' : output.value.type;
}
