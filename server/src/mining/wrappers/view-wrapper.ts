import type { Parameters } from '../entry-signature.ts';
import type { Sliced } from '../slicing/program.ts';
import { seenAs, type View } from './views.ts';
import { freeName, wrapped } from './wrapper.ts';

/**
 * A unit that returns what is no literal, made into a program that returns what can be seen of it: `take` becomes `take_list`, a
 * function of the same parameters after it. Undefined where no name is left for it, or the program has another thing of the name
 * by which it is seen.
 */
export function viewWrapper(
  sliced: Sliced,
  symbol: string,
  parameters: Parameters,
  view: View,
): { readonly entry: string; readonly sliced: Sliced } | undefined {
  const entry = freeName(sliced, [`${symbol}_${view}`, `${view}_of_${symbol}`]);
  const { positional, variadic } = parameters;
  const names = new Set(positional.map(({ name }) => name));
  const rest = variadic === null ? [] : [`*${variadic}`];
  const call = `${symbol}(${[...names, ...rest].join(', ')})`;
  const returned = hides(sliced.source('none'), names, view)
    ? view === 'list'
      ? `[*${call}]`
      : undefined
    : seenAs(view, call);
  if (entry === undefined || returned === undefined) return undefined;
  const declared = positional.map((parameter) =>
    parameter.default === null ? parameter.name : `${parameter.name}=${parameter.default}`,
  );
  const text = `def ${entry}(${[...declared, ...rest].join(', ')}):\n    return ${returned}\n`;
  return { entry, sliced: wrapped(sliced, { text }) };
}

/** Whether a program or its entry has something else of the name by which it is to be seen. */
function hides(whole: string, names: ReadonlySet<string>, view: View): boolean {
  const name = view.replace(/^(repr|str)s$/, '$1');
  return names.has(name) || new RegExp(`^(?:def|class) ${name}\\b|^${name}\\b`, 'm').test(whole);
}
