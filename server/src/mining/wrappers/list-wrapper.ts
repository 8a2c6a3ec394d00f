import type { Parameters } from '../entry-signature.ts';
import type { Sliced } from '../slicing/program.ts';
import { freeName, wrapped } from './wrapper.ts';

/**
 * A unit that returns an iterator, made into a program that returns the list of its items: `take` becomes `take_list`, a function
 * of the same parameters after it. Undefined where no name is left for it.
 */
export function listWrapper(
  sliced: Sliced,
  symbol: string,
  parameters: Parameters,
): { readonly entry: string; readonly sliced: Sliced } | undefined {
  const entry = freeName(sliced, [`${symbol}_list`, `list_of_${symbol}`]);
  if (entry === undefined) return undefined;
  const whole = sliced.source('none');
  const text = wrapperText(entry, symbol, parameters, /^(?:def|class) list\b|^list\b/m.test(whole));
  return { entry, sliced: wrapped(sliced, { text }) };
}

function wrapperText(
  entry: string,
  symbol: string,
  { positional, variadic }: Parameters,
  hidesList: boolean,
): string {
  const names = new Set(positional.map(({ name }) => name));
  const rest = variadic === null ? [] : [`*${variadic}`];
  const declared = positional.map((parameter) =>
    parameter.default === null ? parameter.name : `${parameter.name}=${parameter.default}`,
  );
  const call = `${symbol}(${[...names, ...rest].join(', ')})`;
  const items = hidesList || names.has('list') ? `[*${call}]` : `list(${call})`;
  return `def ${entry}(${[...declared, ...rest].join(', ')}):\n    return ${items}\n`;
}
