import { changedParameter } from '../eligible.ts';
import { inputsOf } from '../generate/inputs.ts';
import { helpersIn } from '../generate/named-values.ts';
import type { Sliced } from '../slicing/program.ts';
import { type SyntaxTree, undecorated } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** A unit that changes one of its arguments and gives nothing back, made into a program that returns that argument. */
export function changedArgumentWrapper(
  tree: SyntaxTree,
  unit: Unit,
  sliced: Sliced,
  count: number,
): Wrapper | undefined {
  const changed = changedParameter(tree, unit);
  const entry = freeName(sliced, [`${unit.symbol}_result`, `after_${unit.symbol}`]);
  if (changed === undefined || entry === undefined) return undefined;
  const { positional } = unit.parameters;
  const declared = positional.map(({ name, default: written }) =>
    written === null ? name : `${name}=${written}`,
  );
  const names = positional.map(({ name }) => name).join(', ');
  const text = `def ${entry}(${declared.join(', ')}):\n    ${unit.symbol}(${names})\n    return ${changed}\n`;
  const code = { tree, node: undecorated(unit.node) };
  return { entry, text, inputs: inputsOf(code, unit.parameters, count, helpersIn(sliced)) };
}
