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
