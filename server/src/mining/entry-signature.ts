import { parsePython } from './python-parser.ts';
import {
  childIn,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from './syntax/syntax.ts';

/** One parameter. `default` and `hint` are source text; null where an argument is required, or nothing is said. */
export interface Parameter {
  readonly name: string;
  readonly default: string | null;
  readonly hint: string | null;
}

/** What a function can be called with. */
export interface Parameters {
  /** Can be given by position, in order. */
  readonly positional: readonly Parameter[];
  /** Name of `*args`; null where there is none. */
  readonly variadic: string | null;
  /** Can be given by name only. */
  readonly keywordOnly: readonly Parameter[];
  /** Has `**kwargs`. */
  readonly variadicKeywords: boolean;
}

/** The parameters of a program's entry; undefined where the program defines no such function. The last definition holds. */
export function parameters(program: string, entry: string): Parameters | undefined {
  const tree = parsePython(program);
  const definition = tree.root.children.map(undecorated).findLast((node) => {
    const name = node.type === 'function_definition' ? childIn(node, 'name') : undefined;
    return name !== undefined && textOf(tree, name) === entry;
  });
  return definition && parametersOf(tree, definition);
}

/** Whether as many positional arguments can be given. */
export function takesCount({ positional, variadic, keywordOnly }: Parameters, count: number): boolean {
  const required = positional.filter((parameter) => parameter.default === null).length;
  const needsNames = keywordOnly.some((parameter) => parameter.default === null);
  return !needsNames && count >= required && (variadic !== null || count <= positional.length);
}

/** The parameters of a function definition's node. */
export function parametersOf(tree: SyntaxTree, definition: SyntaxNode): Parameters {
  const positional: Parameter[] = [];
  const keywordOnly: Parameter[] = [];
  let variadic: string | null = null;
  let variadicKeywords = false;
  let list = positional;
  const node = childIn(definition, 'parameters');
  for (const parameter of node === undefined ? [] : namedChildren(node)) {
    const [first] = namedChildren(parameter);
    const kind = parameter.type === 'typed_parameter' ? (first?.type ?? '') : parameter.type;
    if (kind === 'list_splat_pattern') {
      variadic = textOf(tree, parameter.type === kind ? parameter : (first ?? parameter)).replace(
        /^\*\s*/,
        '',
      );
      list = keywordOnly;
    } else if (kind === 'dictionary_splat_pattern') {
      variadicKeywords = true;
    } else if (kind === 'keyword_separator') {
      list = keywordOnly;
    } else if (kind !== 'positional_separator') {
      const name = childIn(parameter, 'name') ?? first ?? parameter;
      const value = childIn(parameter, 'value');
      const hint = childIn(parameter, 'type');
      list.push({
        name: textOf(tree, name),
        default: value === undefined ? null : textOf(tree, value),
        hint: hint === undefined ? null : textOf(tree, hint),
      });
    }
  }
  return { positional, variadic, keywordOnly, variadicKeywords };
}
