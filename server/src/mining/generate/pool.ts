import type { Value } from '../../values/value.ts';
import type { Parameters } from '../entry-signature.ts';
import type { SyntaxNode, SyntaxTree } from '../syntax/syntax.ts';
import { type Guesses, guessTypes } from './guess-types.ts';
import { type Code, type NamedValues, namedValues } from './named-values.ts';
import { sampleValues } from './sample-values.ts';
import type { ValueType } from './value-type.ts';

/** How many values of one parameter are mixed with those of the others. */
const perParameter = 12;

/** How many values of a kind are taken of a unit's own code, and of that and its helpers' together. */
const namedByUnit = 8;
const namedInAll = 24;

/** A parameter with values that it may well take. */
export interface Pool {
  readonly name: string;
  readonly isRequired: boolean;
  /** Source of its default value; null where there is none, or none that is known. */
  readonly default?: string | null;
  /** Source of its annotation; null where there is none. */
  readonly hint?: string | null;
  /** Hand-picked, the likeliest first; none where it takes what has no literals. */
  readonly values: readonly Value[];
  /** What further values may be, the likeliest first. */
  readonly types: readonly ValueType[];
  /** What further values are made of. */
  readonly named: NamedValues;
}

/** A pool of one parameter's likely types. */
export function poolOf(
  name: string,
  types: Guesses,
  named: NamedValues,
  said: Pick<Pool, 'isRequired' | 'default' | 'hint'>,
): Pool {
  const [first, ...others] = types;
  const likely = first === undefined ? [] : sampleValues(first, perParameter, named);
  const further = others.flatMap((type) => sampleValues(type, 3, named));
  return { name, ...said, values: [...likely, ...further.slice(0, perParameter)], types, named };
}

/**
 * Values for each positional parameter of a function: from hints, defaults, the values and uses in its code, and names. Those of
 * `helpers`, the code that it needs besides its own, are taken for further values.
 */
export function poolsOf(
  tree: SyntaxTree,
  definition: SyntaxNode,
  parameters: Parameters,
  helpers: readonly Code[] = [],
): Pool[] {
  const guesses = guessTypes(tree, definition, parameters);
  const own = { tree, node: definition };
  const named = namedValues([own], namedByUnit);
  const all = namedValues([own, ...helpers], namedInAll);
  return parameters.positional.map(({ name, default: written, hint }, index) => ({
    ...poolOf(name, guesses[index] ?? [], named, { isRequired: written === null, default: written, hint }),
    named: all,
  }));
}

/** A pool for what a function takes in any number: `*args`. */
export function restPool(tree: SyntaxTree, definition: SyntaxNode, name: string): Pool {
  const named = namedValues([{ tree, node: definition }], namedByUnit);
  const types: ValueType[] = [
    { kind: 'int' },
    { kind: 'str' },
    { kind: 'list', of: { kind: 'int' } },
    { kind: 'list', of: { kind: 'str' } },
  ];
  return { ...poolOf(name, types, named, { isRequired: false }), types, named };
}
