import { readValue } from '../../values/literal-reader.ts';
import type { Value } from '../../values/value.ts';
import { childIn, namedChildren, type SyntaxNode, type SyntaxTree, textOf } from '../syntax/syntax.ts';

/** What names are known to hold; null for a name that is bound to something unknown. */
export type KnownValues = ReadonlyMap<string, Value | null>;

/** Longer sequences make no call that a person reads. */
const maxItems = 500;

/**
 * The value of an expression that can be told without running anything: literals, displays of them, names of known values,
 * and a few builtins that only rearrange (`list(range(3))`, `'a b'.split()`). As an argument a `range` or an iterator over a
 * known value counts as the list of its items. Undefined where the value cannot be told.
 */
export function staticValue(tree: SyntaxTree, node: SyntaxNode, known: KnownValues): Value | undefined {
  switch (node.type) {
    case 'integer':
    case 'float':
    case 'string':
    case 'concatenated_string':
    case 'true':
    case 'false':
    case 'none':
      return literal(textOf(tree, node));
    case 'unary_operator':
      return literal(textOf(tree, node));
    case 'identifier':
      return known.get(textOf(tree, node)) ?? undefined;
    case 'parenthesized_expression': {
      const [inner, ...more] = namedChildren(node);
      return inner === undefined || more.length > 0 ? undefined : staticValue(tree, inner, known);
    }
    case 'list':
    case 'tuple':
    case 'set': {
      const items = itemValues(tree, namedChildren(node), known);
      return items && { type: node.type, items };
    }
    case 'expression_list': {
      const items = itemValues(tree, namedChildren(node), known);
      return items && { type: 'tuple', items };
    }
    case 'dictionary':
      return dictionary(tree, node, known);
    case 'binary_operator':
      return repeated(tree, node, known);
    case 'call':
      return callValue(tree, node, known);
    default:
      return undefined;
  }
}

/** The items of an iterable value, as `for` would give them; undefined for what cannot be iterated over. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  switch (value.type) {
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
      return value.items;
    case 'str':
      return [...value.value].map((character) => ({ type: 'str', value: character }));
    case 'dict':
      return value.entries.map(([key]) => key);
    default:
      return undefined;
  }
}

function literal(text: string): Value | undefined {
  const read = readValue(text);
  return read.ok ? read.value : undefined;
}

function itemValues(tree: SyntaxTree, nodes: readonly SyntaxNode[], known: KnownValues): Value[] | undefined {
  const items: Value[] = [];
  for (const node of nodes) {
    const [spread] = node.type === 'list_splat' ? namedChildren(node) : [];
    const value = staticValue(tree, spread ?? node, known);
    const its = value && (spread === undefined ? [value] : itemsOf(value));
    if (its === undefined || items.length + its.length > maxItems) return undefined;
    items.push(...its);
  }
  return items;
}

function dictionary(tree: SyntaxTree, node: SyntaxNode, known: KnownValues): Value | undefined {
  const entries: [Value, Value][] = [];
  for (const pair of namedChildren(node)) {
    const [key, value] = [childIn(pair, 'key'), childIn(pair, 'value')];
    if (key === undefined || value === undefined) return undefined;
    const keyValue = staticValue(tree, key, known);
    const itemValue = staticValue(tree, value, known);
    if (keyValue === undefined || itemValue === undefined) return undefined;
    entries.push([keyValue, itemValue]);
  }
  return { type: 'dict', entries };
}

/** `'ab' * 3`, `[0] * 4`. */
function repeated(tree: SyntaxTree, node: SyntaxNode, known: KnownValues): Value | undefined {
  const [left, operator, right] = node.children;
  if (left === undefined || right === undefined || operator?.type !== '*') return undefined;
  const value = staticValue(tree, left, known);
  const times = staticValue(tree, right, known);
  if (times?.type !== 'int' || times.value < 0n || times.value > BigInt(maxItems)) return undefined;
  const count = Number(times.value);
  if (value?.type === 'str' && value.value.length * count <= maxItems) {
    return { type: 'str', value: value.value.repeat(count) };
  }
  if ((value?.type === 'list' || value?.type === 'tuple') && value.items.length * count <= maxItems) {
    return { type: value.type, items: Array.from({ length: count }, () => value.items).flat() };
  }
  return undefined;
}

function callValue(tree: SyntaxTree, node: SyntaxNode, known: KnownValues): Value | undefined {
  const callee = childIn(node, 'function');
  const list = childIn(node, 'arguments');
  if (callee === undefined || list?.type !== 'argument_list') return undefined;
  const nodes = namedChildren(list);
  if (nodes.some(({ type }) => type === 'keyword_argument' || type.endsWith('_splat'))) {
    return textOf(tree, callee) === 'dict' ? keywordDictionary(tree, nodes, known) : undefined;
  }
  const values = itemValues(tree, nodes, known);
  if (values === undefined) return undefined;
  if (callee.type === 'attribute') {
    const object = childIn(callee, 'object');
    const method = childIn(callee, 'attribute');
    const value = object && staticValue(tree, object, known);
    return method !== undefined && textOf(tree, method) === 'split' ? split(value, values) : undefined;
  }
  const [first] = values;
  const items = first && itemsOf(first);
  switch (callee.type === 'identifier' ? textOf(tree, callee) : '') {
    case 'range':
      return range(values);
    case 'iter':
    case 'list':
      return values.length === 0 ? { type: 'list', items: [] } : items && { type: 'list', items };
    case 'tuple':
      return values.length === 0 ? { type: 'tuple', items: [] } : items && { type: 'tuple', items };
    // Through the literal reader: it refuses what cannot be hashed.
    case 'dict':
      return values.length === 0 ? { type: 'dict', entries: [] } : first?.type === 'dict' ? first : undefined;
    default:
      return undefined;
  }
}

function keywordDictionary(
  tree: SyntaxTree,
  nodes: readonly SyntaxNode[],
  known: KnownValues,
): Value | undefined {
  const entries: [Value, Value][] = [];
  for (const node of nodes) {
    const [name, value] = [childIn(node, 'name'), childIn(node, 'value')];
    const known_ = value && staticValue(tree, value, known);
    if (name === undefined || known_ === undefined) return undefined;
    entries.push([{ type: 'str', value: textOf(tree, name) }, known_]);
  }
  return { type: 'dict', entries };
}

/** `text.split()` and `text.split(separator)`. */
function split(value: Value | undefined, [separator, ...more]: readonly Value[]): Value | undefined {
  if (value?.type !== 'str' || more.length > 0) return undefined;
  if (separator !== undefined && (separator.type !== 'str' || separator.value === '')) return undefined;
  const parts =
    separator?.type === 'str' ? value.value.split(separator.value) : value.value.split(/\s+/).filter(Boolean);
  return { type: 'list', items: parts.map((part) => ({ type: 'str', value: part })) };
}

function range(values: readonly Value[]): Value | undefined {
  const numbers = values.map((value) => (value.type === 'int' ? Number(value.value) : Number.NaN));
  const [start = 0, stop, step] =
    numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  if (stop === undefined || step === undefined || step === 0 || numbers.length > 3) return undefined;
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= maxItems)) return undefined;
  return {
    type: 'list',
    items: Array.from({ length }, (_, index) => ({ type: 'int', value: BigInt(start + index * step) })),
  };
}
