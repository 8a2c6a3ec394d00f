import {
  type Arbitrary,
  array,
  bigInt,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  stringMatching,
  subarray,
  tuple,
  uniqueArray,
} from 'fast-check';
import { encoding } from '../../values/encoding.ts';
import type { Value } from '../../values/value.ts';
import type { NamedValues } from './named-values.ts';
import { concreteTypes, hashableType, type ValueType } from './value-type.ts';

/** Members of one container: most are few, as people write them. */
const maxMembers = 9;

/** Containers around one another, below which there are whole numbers only. */
const maxDepth = 3;

/** Patterns that repeat more are not matched: a few characters of one can ask for a text of any length. */
const maxRepetitions = 4_096;

const words = ['hello', 'World', 'a', 'foo', 'Bar', 'x1', '42', 'data', 'café', 'the', 'end'];
const separators = [' ', '_', '-', ',', ', ', '.', '/', '\n', '='];
const characters = [...'abcABCxyz0129 _-.,:/()'];

/** Values of a type as an Arbitrary: small, readable, often made of what the unit's code names. */
export function strategyOf(type: ValueType, named: NamedValues, depth = 0): Arbitrary<Value> {
  const inner = (of: ValueType) => strategyOf(depth + 1 >= maxDepth ? flat(of) : of, named, depth + 1);
  switch (type.kind) {
    case 'int':
      return int(named).map((value): Value => ({ type: 'int', value }));
    case 'float':
      return float(named).map((value): Value => ({ type: 'float', value }));
    case 'complex':
      return tuple(float(named), float(named)).map(
        ([real, imag]): Value => ({ type: 'complex', real, imag }),
      );
    case 'bool':
      return boolean().map(bool);
    case 'none':
      return constant<Value>({ type: 'none' });
    case 'str':
      return text(named).map((value): Value => ({ type: 'str', value }));
    case 'bytes':
      return text(named).map((value): Value => ({ type: 'bytes', value: Buffer.from(value, 'latin1') }));
    case 'literal':
      return constantFrom(...type.values);
    case 'any':
    case 'union':
      return oneof(...concreteTypes(type, depth).map((each) => strategyOf(each, named, depth)));
    case 'list':
      return items(inner(type.of)).map((its): Value => ({ type: 'list', items: its }));
    case 'tuple':
      return tuple(...type.items.map(inner)).map((its): Value => ({ type: 'tuple', items: its }));
    case 'set':
    case 'frozenset':
      return distinct(inner(hashableType(type.of))).map((its): Value => ({ type: type.kind, items: its }));
    case 'dict': {
      const plain = distinct(inner(hashableType(type.key))).chain((its) => dictOf(its, inner(type.value)));
      if (type.key.kind !== 'str' || named.keys.length === 0) return plain;
      const known = named.keys.map((value): Value => ({ type: 'str', value }));
      // What the code looks up are fields of one record, and what these hold is of several types.
      const field = oneof(inner(type.value), inner({ kind: 'str' }), inner({ kind: 'int' }), {
        weight: 2,
        arbitrary: boolean().map(bool),
      });
      const some = subarray(known, { minLength: 1 }).chain((its) => dictOf(its, inner(type.value)));
      return oneof(
        { weight: 2, arbitrary: plain },
        { weight: 2, arbitrary: some },
        { weight: 3, arbitrary: dictOf(known, inner(type.value)) },
        { weight: 3, arbitrary: dictOf(known, field) },
      );
    }
  }
}

function bool(value: boolean): Value {
  return { type: 'bool', value };
}

/** What a container holds that stands too deep for another one. */
function flat(type: ValueType): ValueType {
  return ['list', 'set', 'frozenset', 'tuple', 'dict', 'any', 'union'].includes(type.kind)
    ? { kind: 'int' }
    : type;
}

function int({ integers }: NamedValues): Arbitrary<bigint> {
  return oneof(
    { weight: 4, arbitrary: bigInt({ min: -3n, max: 12n }) },
    ...some(3, integers),
    { weight: 2, arbitrary: bigInt({ min: -100n, max: 1_000n }) },
    { weight: 1, arbitrary: bigInt({ min: -1_000_000n, max: 1_000_000n }) },
  );
}

function float({ floats, integers }: NamedValues): Arbitrary<number> {
  return oneof(
    { weight: 4, arbitrary: integer({ min: -80, max: 400 }).map((value) => value / 4) },
    ...some(3, floats),
    ...some(1, integers.map(Number)),
    { weight: 1, arbitrary: integer({ min: -99_999, max: 99_999 }).map((value) => value / 1_000) },
    { weight: 1, arbitrary: constantFrom(0.1, 1e-9, 1e16) },
  );
}

/** Words joined by separators, what the code names in the midst of them, matches of its patterns, single characters. */
function text({ texts, keys: itsKeys, patterns }: NamedValues): Arbitrary<string> {
  const named = [...texts, ...itsKeys];
  const word = oneof({ weight: 3, arbitrary: constantFrom(...words) }, ...some(3, named));
  const separator = oneof(
    { weight: 2, arbitrary: constantFrom(...separators) },
    ...some(
      2,
      named.filter(({ length }) => length <= 2),
    ),
  );
  const joined = tuple(array(word, { minLength: 1, maxLength: 4 }), separator).map(([its, by]) =>
    its.join(by),
  );
  const written = array(oneof(constantFrom(...characters), ...some(1, named)), { maxLength: 8 }).map((its) =>
    its.join(''),
  );
  const matches = patterns.flatMap(matching);
  return oneof(
    { weight: 4, arbitrary: joined },
    { weight: 2, arbitrary: written },
    ...some(2, named),
    ...(matches.length === 0 ? [] : [{ weight: 3, arbitrary: oneof(...matches) }]),
  ).map((value) => value.slice(0, 99));
}

/** Texts that a Python pattern matches, as far as it means the same in JavaScript; in plain characters. */
function matching(pattern: string): Arbitrary<string>[] {
  if (repetitions(pattern) > maxRepetitions) return [];
  const source = pattern.replace(/^\(\?[a-z]+\)/, '').replaceAll('(?P<', '(?<');
  try {
    return [
      stringMatching(new RegExp(source), { size: '-1' }).map((value) =>
        value.replace(/[^\x20-\x7e]/g, (character) => characters[character.charCodeAt(0) % 16] ?? 'a'),
      ),
    ];
  } catch {
    // Not every pattern means something here, nor has all of them that do an Arbitrary.
    return [];
  }
}

/** How long matches may become as often as a pattern repeats something, were all of it nested. */
function repetitions(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d*),?(\d*)\}/g)].map(([, least = '', most = '']) =>
    Math.max(1, Number(least), Number(most)),
  );
  const others = pattern.match(/[*+]|\{\d*,\}/g) ?? [];
  return counts.reduce((product, count) => product * count, 2 ** others.length);
}

/** Members of a list: of all kinds, or few that come again. */
function items(member: Arbitrary<Value>): Arbitrary<Value[]> {
  const repeated = array(member, { minLength: 1, maxLength: 3 }).chain((few) =>
    array(constantFrom(...few), { minLength: 2, maxLength: maxMembers }),
  );
  return oneof(
    { weight: 3, arbitrary: array(member, { maxLength: maxMembers }) },
    { weight: 1, arbitrary: repeated },
  );
}

/** Members of a set or keys: Python takes `1`, `1.0` and `True` for one. */
function distinct(member: Arbitrary<Value>): Arbitrary<Value[]> {
  return uniqueArray(member, { maxLength: 5, selector: (value) => encoding(value, 'python') });
}

/** A dict of these keys. */
function dictOf(keys: readonly Value[], value: Arbitrary<Value>): Arbitrary<Value> {
  return tuple(...keys.map(() => value)).map(
    (values): Value => ({
      type: 'dict',
      entries: keys.map((key, index) => [key, values[index] ?? { type: 'none' }] as const),
    }),
  );
}

/** A choice among values, where there are any. */
function some<T>(weight: number, values: readonly T[]): { weight: number; arbitrary: Arbitrary<T> }[] {
  return values.length === 0 ? [] : [{ weight, arbitrary: constantFrom(...values) }];
}
