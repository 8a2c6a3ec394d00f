import { inputsFrom } from '../generate/inputs.ts';
import type { Pool } from '../generate/pool.ts';
import type { Sliced } from '../slicing/program.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';
import { givenFunctions } from './given-function.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** Names of parameters that take functions, where the code does not show it. */
export const takesFunction =
  /^(f|g|func|fn|fun|function|functions|funcs|callback|predicate|pred|key|key_func|keyfunc|mapper|binop|op|factory|default_factory)$/;

/**
 * Wrappers of a unit that takes a function: `groupby` becomes `groupby_len(seq)`, which calls `groupby(len, seq)`. None where it
 * takes none, or something else that has no literals.
 */
export function functionWrappers(
  {
    tree,
    definition,
    symbol,
    sliced,
  }: {
    readonly tree: SyntaxTree;
    readonly definition: SyntaxNode;
    readonly symbol: string;
    readonly sliced: Sliced;
  },
  pools: readonly Pool[],
  count: number,
): Wrapper[] {
  const needed = pools.findLastIndex(({ isRequired }) => isRequired) + 1;
  const arities = arityOfCalled(tree, definition);
  const isFunction = ({ name, values }: Pool) =>
    arities.has(name) || (takesFunction.test(name) && values.length === 0);
  const used = pools.slice(0, Math.max(needed, 1));
  const functions = used.filter(isFunction);
  const [first] = functions;
  if (first === undefined || functions.length > 1) return [];
  const literals = used.filter((pool) => pool !== first);
  if (literals.length === 0 || literals.some(({ values }) => values.length === 0)) return [];
  return givenFunctions(arities.get(first.name) ?? 1).flatMap((each): Wrapper[] => {
    const entry = freeName(sliced, [`${symbol}_${each.name}`]);
    if (entry === undefined) return [];
    const args = used.map((pool) => (pool === first ? each.text : pool.name)).join(', ');
    const text = `def ${entry}(${literals.map(({ name }) => name).join(', ')}):\n    return ${symbol}(${args})\n`;
    return [
      {
        entry,
        text,
        inputs: inputsFrom(
          literals.map((pool) => ({ ...pool, isRequired: true })),
          count,
        ),
      },
    ];
  });
}

/** Names that the code calls, with how many arguments it gives them. */
export function arityOfCalled(tree: SyntaxTree, definition: SyntaxNode): Map<string, number> {
  const body = childIn(definition, 'body');
  const found = new Map<string, number>();
  for (const node of body === undefined ? [] : descendants(body)) {
    const callee = node.type === 'call' ? childIn(node, 'function') : undefined;
    const args = node.type === 'call' ? childIn(node, 'arguments') : undefined;
    if (callee?.type === 'identifier' && args?.type === 'argument_list')
      found.set(textOf(tree, callee), namedChildren(args).length);
  }
  return found;
}
