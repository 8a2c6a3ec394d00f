import { readValue } from '../../values/literal-reader.ts';
import { any, dictOf, listOf, type ValueType } from './value-type.ts';

const plain: Readonly<Record<string, ValueType>> = {
  int: { kind: 'int' },
  Integral: { kind: 'int' },
  SupportsIndex: { kind: 'int' },
  float: { kind: 'float' },
  Real: { kind: 'float' },
  Number: { kind: 'float' },
  complex: { kind: 'complex' },
  str: { kind: 'str' },
  AnyStr: { kind: 'str' },
  LiteralString: { kind: 'str' },
  bytes: { kind: 'bytes' },
  bytearray: { kind: 'bytes' },
  bool: { kind: 'bool' },
  None: { kind: 'none' },
  list: listOf(any),
  tuple: { kind: 'tuple', items: [any, any] },
  set: { kind: 'set', of: any },
  frozenset: { kind: 'frozenset', of: any },
  dict: dictOf({ kind: 'str' }, any),
};

/** Containers under all the names by which hints call them. */
const containers: Readonly<Record<string, 'list' | 'set' | 'frozenset' | 'dict' | 'tuple'>> = {
  list: 'list',
  List: 'list',
  Sequence: 'list',
  MutableSequence: 'list',
  Iterable: 'list',
  Iterator: 'list',
  Collection: 'list',
  Container: 'list',
  Reversible: 'list',
  Sized: 'list',
  set: 'set',
  Set: 'set',
  AbstractSet: 'set',
  MutableSet: 'set',
  frozenset: 'frozenset',
  FrozenSet: 'frozenset',
  dict: 'dict',
  Dict: 'dict',
  Mapping: 'dict',
  MutableMapping: 'dict',
  OrderedDict: 'dict',
  defaultdict: 'dict',
  tuple: 'tuple',
  Tuple: 'tuple',
};

/** Wrappers that say nothing of the value. */
const transparent = new Set(['Final', 'ClassVar', 'Annotated', 'Required', 'NotRequired', 'ReadOnly']);

/** What a type hint says; undefined where it names something that has no literals (`Callable`, a class). */
export function hintType(hint: string): ValueType | undefined {
  const text = unquoted(hint.trim());
  const parts = splitTopLevel(text, '|');
  if (parts.length > 1) return unionOf(parts);
  const open = text.indexOf('[');
  const name = (open === -1 ? text : text.slice(0, open)).replace(/^.*\./, '').trim();
  const args = open === -1 ? [] : splitTopLevel(text.slice(open + 1, text.lastIndexOf(']')), ',');
  if (name === 'Optional') return unionOf([...args, 'None']);
  if (name === 'Union') return unionOf(args);
  if (name === 'Literal') return literalOf(args);
  if (transparent.has(name)) return args[0] === undefined ? undefined : hintType(args[0]);
  if (['Any', 'object', 'Hashable'].includes(name) || /^_?[A-Z]\w?$/.test(name)) return any;
  const container = containers[name];
  if (container !== undefined) return containerOf(container, args);
  return open === -1 ? plain[name] : undefined;
}

function containerOf(
  kind: 'list' | 'set' | 'frozenset' | 'dict' | 'tuple',
  args: readonly string[],
): ValueType | undefined {
  const types = args.filter((arg) => arg !== '...').map(hintType);
  const known = types.filter((type) => type !== undefined);
  if (known.length < types.length) return undefined;
  const [first = any, second = any] = known;
  switch (kind) {
    case 'dict':
      return dictOf(args.length === 0 ? { kind: 'str' } : first, second);
    case 'tuple':
      if (args.length === 0) return plain['tuple'];
      return { kind: 'tuple', items: args.at(-1) === '...' ? [first, first, first] : known };
    default:
      return { kind, of: first };
  }
}

function unionOf(parts: readonly string[]): ValueType | undefined {
  const of = parts.map(hintType).filter((type) => type !== undefined);
  return of.length === 0 ? undefined : { kind: 'union', of };
}

function literalOf(args: readonly string[]): ValueType | undefined {
  const values = args.flatMap((arg) => {
    const read = readValue(arg);
    return read.ok ? [read.value] : [];
  });
  return values.length === 0 ? undefined : { kind: 'literal', values };
}

function unquoted(text: string): string {
  return /^(['"]).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** Parts between a separator that stands in no bracket and no text. */
function splitTopLevel(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('[('.includes(character)) depth += 1;
    else if ('])'.includes(character)) depth -= 1;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts.filter((part) => part !== '');
}
