import type { AbductionTask, WorthReason } from '../../../../protocol/task.ts';
import { generatedOutputs, probe } from '../../judge/probes.ts';
import { emptyCalls } from '../../judge/trivial-abduction.ts';
import type { KnownCall } from '../../judge/trivial-context.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { readCall, readOutput } from '../../values/literal-reader.ts';
import { writeCall } from '../../values/literal-writer.ts';
import { sameOutput } from '../../values/relations.ts';
import type { Call, Output } from '../../values/value.ts';
import { maxHitShare, maxProbes } from './rules.ts';

/**
 * Whether a call that gives the output is worth looking for: the output is a value and not None, and few of the calls that anybody
 * would try give it: the output itself as the only argument, empty values, the program's other known calls, and what the typed
 * generator makes up. `known` are the program's verified calls. Rejects as `sandbox.runBatch` does.
 */
export async function worthAbduction(
  task: Pick<AbductionTask, 'program' | 'entry' | 'call' | 'output'>,
  known: readonly KnownCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<WorthReason | null> {
  const gold = readOutput(task.output);
  const call = readCall(task.call);
  if (!gold.ok || !call.ok) return null;
  if (gold.value.type === 'raise') return 'exception';
  const { value } = gold.value;
  if (value.type === 'none') return 'none';

  const found = new Map<string, Output | undefined>();
  const cheap = [[value], ...emptyCalls(call.value)].filter((tried) => writeCall(tried) !== task.call);
  for (const { text, output } of await probe(task, cheap, sandbox, signal)) found.set(text, output);
  const knownCalls: Call[] = [];
  for (const { call: itsText, output: itsOutputText } of known) {
    const [itsCall, itsOutput] = [readCall(itsText), readOutput(itsOutputText)];
    if (!itsCall.ok || !itsOutput.ok) continue;
    knownCalls.push(itsCall.value);
    if (itsText !== task.call) found.set(itsText, itsOutput.value);
  }
  // The same ones for all tasks of a program, whose probes are run once.
  const likeThese = knownCalls.length > 0 ? knownCalls : [call.value];
  const generated = found.size < maxProbes ? await generatedOutputs(task, likeThese, sandbox, signal) : [];
  for (const { text, output } of generated) if (text !== task.call) found.set(text, output);

  const outputs = [...found.values()].slice(0, maxProbes);
  const hits = outputs.filter((output) => output !== undefined && sameOutput(output, gold.value)).length;
  return hits > 0 && hits >= maxHitShare * outputs.length ? 'easily-found' : null;
}
