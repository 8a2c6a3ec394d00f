import { changedParameter } from '../eligible.ts';
import { generateCalls } from '../generate/generate-calls.ts';
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
  return { entry, text, calls: generateCalls(tree, undecorated(unit.node), unit.parameters, count) };
}
