import type { TrivialSolver } from '../../../protocol/task.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readOutput } from '../values/literal-reader.ts';
import { writeCall } from '../values/literal-writer.ts';
import { sameOutput } from '../values/relations.ts';
import type { Call, Output } from '../values/value.ts';
import { emptyValue } from './empty-value.ts';
import { probe } from './probes.ts';
import type { KnownCall } from './trivial-context.ts';

/** Which trivial solver finds a call; null where none does. `others` are the program's other known calls, commonest first. */
export async function trivialAbduction(
  { program, entry }: { readonly program: string; readonly entry: string },
  known: Call,
  gold: Output,
  others: readonly KnownCall[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<TrivialSolver | null> {
  const outputAsCall = gold.type === 'value' ? [[gold.value]] : [];
  const tricks: readonly { readonly solver: TrivialSolver; readonly call: Call }[] = [
    ...outputAsCall.map((call) => ({ solver: 'output-as-call', call }) as const),
    ...emptyCalls(known).map((call) => ({ solver: 'empty-arguments', call }) as const),
  ];
  const probes = await probe(
    { program, entry },
    tricks.map(({ call }) => call),
    sandbox,
    signal,
  );
  const hits = new Set(
    probes.filter(({ output }) => output !== undefined && sameOutput(output, gold)).map(({ text }) => text),
  );
  const trick = tricks.find(({ call }) => hits.has(writeCall(call)));
  if (trick !== undefined) return trick.solver;
  const [commonest, next] = others;
  if (commonest === undefined || commonest.count === next?.count) return null;
  const output = readOutput(commonest.output);
  return output.ok && sameOutput(output.value, gold) ? 'commonest-call' : null;
}

/** Calls of empty values: each of its place's own type, as the known call has them; and all of one of these types. */
export function emptyCalls(known: Call): Call[] {
  const types = [...new Set(known.map(({ type }) => type))];
  const uniform = types.length > 1 ? types.map((type) => known.map(() => emptyValue(type))) : [];
  return [known.map(({ type }) => emptyValue(type)), ...uniform];
}
