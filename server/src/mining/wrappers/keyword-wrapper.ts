import { inputsFrom } from '../generate/inputs.ts';
import { helpersIn } from '../generate/named-values.ts';
import { poolsOf } from '../generate/pool.ts';
import type { Sliced } from '../slicing/program.ts';
import { type SyntaxTree, undecorated } from '../syntax/syntax.ts';
import type { Unit } from '../units.ts';
import { takesFunction } from './function-wrapper.ts';
import { freeName, type Wrapper } from './wrapper.ts';

/** Options that one wrapper gives, besides those that must be given. */
const maxOptions = 2;

/**
 * A unit that takes arguments by name only, made into a program that takes them by position: `chunks(xs, *, strict=False)` becomes
 * `chunks_with_strict(xs, strict)`, which calls `chunks(xs, strict=strict)`. Undefined where it takes none by name only, or must be
 * given what has no literals.
 */
export function keywordWrapper(
  tree: SyntaxTree,
  { node, symbol, parameters }: Unit,
  sliced: Sliced,
  count: number,
): Wrapper | undefined {
  const needed = parameters.positional.findLastIndex((each) => each.default === null) + 1;
  const given = parameters.positional.slice(0, Math.max(1, needed));
  const positional = [...given, ...parameters.keywordOnly];
  const all = poolsOf(tree, undecorated(node), { ...parameters, positional }, helpersIn(sliced));
  const byName = all.slice(given.length);
  const required = byName.filter(({ isRequired }) => isRequired);
  const optional = byName.filter(
    ({ name, isRequired, values }) => !isRequired && values.length > 0 && !takesFunction.test(name),
  );
  const named = [...required, ...optional.slice(0, maxOptions)];
  const pools = [...all.slice(0, given.length), ...named].map((pool) => ({ ...pool, isRequired: true }));
  if (named.length === 0 || pools.some(({ values }) => values.length === 0)) return undefined;
  const [only] = named;
  const wanted =
    named.length === 1 && only !== undefined ? `${symbol}_with_${only.name}` : `${symbol}_with_options`;
  const entry = freeName(sliced, [wanted, `call_${symbol}`]);
  if (entry === undefined) return undefined;
  const declared = pools.map(({ name }) => name).join(', ');
  const passed = [...given.map(({ name }) => name), ...named.map(({ name }) => `${name}=${name}`)].join(', ');
  const text = `def ${entry}(${declared}):\n    return ${symbol}(${passed})\n`;
  return { entry, text, inputs: inputsFrom(pools, count) };
}
