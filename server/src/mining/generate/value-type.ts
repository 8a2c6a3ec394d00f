import type { Value } from '../../values/value.ts';

/** What a parameter may be given, as far as it shows without running anything. */
export type ValueType =
  | { readonly kind: 'int' | 'float' | 'complex' | 'str' | 'bytes' | 'bool' | 'none' | 'any' }
  | { readonly kind: 'list' | 'set' | 'frozenset'; readonly of: ValueType }
  | { readonly kind: 'tuple'; readonly items: readonly ValueType[] }
  | { readonly kind: 'dict'; readonly key: ValueType; readonly value: ValueType }
  /** One of a few values that the code names. */
  | { readonly kind: 'literal'; readonly values: readonly Value[] }
  | { readonly kind: 'union'; readonly of: readonly ValueType[] };

export const any: ValueType = { kind: 'any' };
export const int: ValueType = { kind: 'int' };
export const str: ValueType = { kind: 'str' };
export const listOf = (of: ValueType): ValueType => ({ kind: 'list', of });
export const dictOf = (key: ValueType, value: ValueType): ValueType => ({ kind: 'dict', key, value });

/** The type of a value, its members' as far as the first of them shows. */
export function typeOfValue(value: Value): ValueType {
  switch (value.type) {
    case 'list':
    case 'set':
    case 'frozenset': {
      const [first] = value.items;
      return { kind: value.type, of: first === undefined ? any : typeOfValue(first) };
    }
    case 'tuple':
      return { kind: 'tuple', items: value.items.map(typeOfValue) };
    case 'dict': {
      const [first] = value.entries;
      return first === undefined ? dictOf(str, any) : dictOf(typeOfValue(first[0]), typeOfValue(first[1]));
    }
    default:
      return { kind: value.type };
  }
}

/** What anything may be, the likeliest first. */
const universal: readonly ValueType[] = [
  int,
  str,
  listOf(int),
  listOf(str),
  dictOf(str, int),
  listOf(listOf(int)),
  { kind: 'tuple', items: [int, int] },
  listOf({ kind: 'tuple', items: [str, int] }),
  { kind: 'float' },
  dictOf(str, listOf(int)),
  { kind: 'bool' },
  { kind: 'bytes' },
  { kind: 'set', of: int },
  { kind: 'none' },
];

/** A type's alternatives, none of which leaves open what it or its members are; below the top, numbers and texts alone. */
export function concreteTypes(type: ValueType, depth = 0): readonly ValueType[] {
  switch (type.kind) {
    case 'any':
      return depth === 0 ? universal : [int, str];
    case 'union':
      return type.of.flatMap((each) => concreteTypes(each, depth));
    case 'list':
      if (type.of.kind !== 'any') return [type];
      return [int, str, listOf(int), { kind: 'tuple' as const, items: [str, int] }].map(listOf);
    case 'dict':
      if (type.value.kind !== 'any') return [type];
      return [int, str, listOf(int), dictOf(str, int)].map((value) => dictOf(type.key, value));
    default:
      return [type];
  }
}

/** The nearest type whose values can be members of a set. */
export function hashableType(type: ValueType): ValueType {
  switch (type.kind) {
    case 'list':
      return { kind: 'tuple', items: [hashableType(type.of), hashableType(type.of)] };
    case 'tuple':
      return { kind: 'tuple', items: type.items.map(hashableType) };
    case 'set':
      return { kind: 'frozenset', of: hashableType(type.of) };
    case 'frozenset':
      return { kind: 'frozenset', of: hashableType(type.of) };
    case 'union':
      return { kind: 'union', of: type.of.map(hashableType) };
    case 'any':
    case 'dict':
      return { kind: 'union', of: [int, str] };
    default:
      return type;
  }
}

/** The type's first two layers in a word: values of one shape are taken or refused alike. */
export function shapeOf(type: ValueType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
    case 'frozenset':
      return `${type.kind} ${type.of.kind}`;
    case 'dict':
      return `dict ${type.key.kind} ${type.value.kind}`;
    case 'tuple':
      return ['tuple', ...type.items.map(({ kind }) => kind)].join(' ');
    default:
      return type.kind;
  }
}
