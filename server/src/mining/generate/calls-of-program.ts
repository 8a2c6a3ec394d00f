import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import { parametersOf } from '../entry-signature.ts';
import { parsePython } from '../python-parser.ts';
import { childIn, textOf, undecorated } from '../syntax/syntax.ts';
import { furtherCalls } from './further-calls.ts';
import { inputsOf } from './inputs.ts';

/**
 * Calls that a program's entry may well take, none of those that are known: hand-picked values by the parameters' types in turn
 * with drawn ones and with known calls that have one thing changed. The same ones each time; fewer than `count` where the
 * parameters take what has no literals. Nothing is executed.
 */
export function callsOfProgram(
  { program, entry }: { readonly program: string; readonly entry: string },
  known: readonly Call[],
  count: number,
): Call[] {
  const tree = parsePython(program);
  const definitions = tree.root.children
    .map(undecorated)
    .filter(({ type }) => type === 'function_definition' || type === 'class_definition');
  const node = definitions.findLast((definition) => {
    const name = definition.type === 'function_definition' ? childIn(definition, 'name') : undefined;
    return name !== undefined && textOf(tree, name) === entry;
  });
  if (node === undefined) return [];
  const helpers = definitions.filter((other) => other !== node).map((other) => ({ tree, node: other }));
  const inputs = inputsOf({ tree, node }, parametersOf(tree, node), count, helpers);
  const tried = known.map((call) => ({ call, isMistyped: false }));
  const further = furtherCalls(inputs, tried, known, count);
  const seen = new Set(known.map(writeCall));
  const calls: Call[] = [];
  for (let at = 0; at < count && calls.length < count; at += 1) {
    for (const call of [inputs.picked[at], further[at]]) {
      if (call === undefined || calls.length === count) continue;
      const text = writeCall(call);
      if (!seen.has(text)) calls.push(call);
      seen.add(text);
    }
  }
  return calls;
}
