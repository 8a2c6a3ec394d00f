import { parametersOf } from '../entry-signature.ts';
import { hintType } from '../generate/hint-type.ts';
import { nothingNamed } from '../generate/named-values.ts';
import { type Pool, poolOf, poolsOf } from '../generate/pool.ts';
import type { Piece } from '../slicing/slice.ts';
import {
  childIn,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';

const builtinBase =
  /^(int|float|str|bytes|list|dict|set|frozenset|tuple|OrderedDict|UserDict|UserList|deque|Counter)$/;
/** Bases that take nothing to be made. */
const plainBase =
  /^(object|ABC|abc\.ABC|Generic|Protocol|(\w+\.)*(Mapping|MutableMapping|Sequence|MutableSequence|Set|MutableSet|Iterable|Iterator|Collection|Container|Hashable|Sized|Callable|KeysView|ValuesView|ItemsView|Reversible)|Exception|ValueError|TypeError|KeyError|LookupError|RuntimeError|AttributeError|\w*Mixin)$/;

/**
 * What making an object takes: of `__init__`, of a dataclass's or named tuple's fields, of a base class among `pieces`, or of a
 * builtin type that it extends. Undefined where that is not known.
 */
export function constructorPools(
  { module: { tree }, statement }: Piece,
  pieces: readonly Piece[],
): readonly Pool[] | undefined {
  const definition = undecorated(statement.node);
  const body = childIn(definition, 'body');
  if (body === undefined) return undefined;
  const methods = namedChildren(body)
    .map(undecorated)
    .filter(({ type }) => type === 'function_definition');
  const named = (name: string) =>
    methods.find((method) => {
      const its = childIn(method, 'name');
      return its !== undefined && textOf(tree, its) === name;
    });
  const init = named('__init__') ?? named('__new__');
  const pools = init === undefined ? [] : poolsOf(tree, init, parametersOf(tree, init)).slice(1);
  if (pools.length > 0) return pools;
  if (/@(dataclasses\.)?dataclass\b/.test(tree.text.slice(statement.node.start, definition.start)))
    return fieldPools(tree, body);
  const bases = childIn(definition, 'superclasses');
  const names =
    bases === undefined
      ? []
      : namedChildren(bases)
          .filter(({ type }) => type !== 'keyword_argument')
          .map((base) => textOf(tree, base).replace(/\[.*$/s, ''));
  if (names.some((name) => /(^|\.)NamedTuple$/.test(name))) return fieldPools(tree, body);
  if (init !== undefined && parametersOf(tree, init).variadic === null) return [];
  for (const name of init === undefined ? names : []) {
    const base = pieces.find(
      (piece) =>
        piece.statement !== statement && piece.statement.isDefinition && piece.statement.binds.has(name),
    );
    const its =
      base &&
      constructorPools(
        base,
        pieces.filter((piece) => piece !== base),
      );
    if (its !== undefined && its.length > 0) return its;
  }
  const builtins = names.filter((name) => builtinBase.test(name.replace(/^.*\./, '')));
  const [base] = builtins;
  if (base === undefined)
    return names.every(
      (name) => plainBase.test(name) || pieces.some(({ statement: { binds } }) => binds.has(name)),
    )
      ? []
      : undefined;
  const type = hintType(
    base
      .replace(/User(Dict|List)/, (_, name: string) => name.toLowerCase())
      .replace(/^.*\.|OrderedDict|Counter/g, 'dict')
      .replace('deque', 'list'),
  );
  if (type === undefined) return undefined;
  return [poolOf('content', [type], nothingNamed, { isRequired: true })];
}

/** Fields of a dataclass in order: `x: int = 0`. */
function fieldPools(tree: SyntaxTree, body: SyntaxNode): Pool[] {
  const fields: Pool[] = [];
  for (const statement of namedChildren(body)) {
    const [assignment] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
    const hint = assignment?.type === 'assignment' ? childIn(assignment, 'type') : undefined;
    const name = assignment === undefined ? undefined : childIn(assignment, 'left');
    if (assignment === undefined || hint === undefined || name === undefined) continue;
    const written = textOf(tree, hint);
    if (/\bClassVar\b/.test(written)) continue;
    const type = hintType(written);
    fields.push(
      poolOf(textOf(tree, name), type === undefined ? [] : [type], nothingNamed, {
        isRequired: childIn(assignment, 'right') === undefined,
        hint: written,
      }),
    );
  }
  return fields;
}
