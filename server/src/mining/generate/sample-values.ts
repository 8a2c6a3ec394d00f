import type { Value } from '../../values/value.ts';
import type { NamedValues } from './named-values.ts';
import type { ValueType } from './value-type.ts';

const integers = [3n, 0n, 7n, 1n, 12n, -2n, 2n, 5n, 10n, 100n, 4n, -15n, 31n, 6n];
const floats = [2.5, 0.0, -1.5, 10.0, 0.1, 3.0, 100.25, -0.5];
const texts = [
  'hello world',
  'a',
  '',
  'FooBar',
  'The quick brown fox',
  'a,b,,c',
  'snake_case_name',
  '12',
  ' padded  text ',
  'abcabc',
  'x=1; y=2',
  'Zażółć',
  '2024-05-17',
  '/usr/lib/python',
];
const byteTexts = ['hello', '', 'a,b', '\x00\xffz', 'line one\nline two'];

/** Values of a type, the most telling first: at most `count`, always the same. */
export function sampleValues(type: ValueType, count: number, named: NamedValues): Value[] {
  return samples(type, count, named, 0).slice(0, count);
}

function samples(type: ValueType, count: number, named: NamedValues, depth: number): Value[] {
  switch (type.kind) {
    case 'int':
      return distinct([...interleaved(integers, named.integers)].map(integer));
    case 'float':
      return floats.map((value): Value => ({ type: 'float', value }));
    case 'complex':
      return [
        { type: 'complex', real: 1, imag: 2 },
        { type: 'complex', real: 0, imag: -1 },
      ];
    case 'bool':
      return [
        { type: 'bool', value: true },
        { type: 'bool', value: false },
      ];
    case 'none':
      return [{ type: 'none' }];
    case 'str':
      return distinct([...interleaved(texts, named.texts)].map(text));
    case 'bytes':
      return byteTexts.map((each) => ({ type: 'bytes', value: Buffer.from(each, 'latin1') }));
    case 'any':
      return mixed(depth, count, named);
    case 'literal':
      return [...type.values];
    case 'union':
      return [...interleaved(...type.of.map((each) => samples(each, count, named, depth)))];
    case 'list':
      return series(type.of, named, depth).map((items): Value => ({ type: 'list', items }));
    case 'set':
    case 'frozenset':
      return series(type.of, named, depth).map(
        (items): Value => ({ type: type.kind, items: distinct(items) }),
      );
    case 'tuple':
      return Array.from({ length: 5 }, (_, row) => ({
        type: 'tuple',
        items: type.items.map((item, column) => pick(samples(item, 8, named, depth + 1), row + 2 * column)),
      }));
    case 'dict':
      return [2, 0, 1, 3].map((size, row) => ({
        type: 'dict',
        entries: distinct(pickMany(samples(type.key, 8, named, depth + 1), size, row)).map(
          (key, column) => [key, pick(samples(type.value, 8, named, depth + 1), row + column)] as const,
        ),
      }));
  }
}

/** Lists of values of one type: of several lengths, with repetitions, sorted and not. */
function series(of: ValueType, named: NamedValues, depth: number): Value[][] {
  const members = depth > 2 ? [integer(1n)] : samples(of, 8, named, depth + 1);
  const at = (indexes: readonly number[]) => indexes.map((index) => pick(members, index));
  return [
    at([0, 1, 2]),
    at([]),
    at([1, 0, 1, 3, 0]),
    at([4]),
    at([2, 2, 5, 1, 0, 3, 4]),
    at([3, 4]),
    at([5, 6, 7, 0]),
  ];
}

/** What may be anything: first numbers and texts, then what holds them. */
function mixed(depth: number, count: number, named: NamedValues): Value[] {
  const simple = [
    ...interleaved(
      samples({ kind: 'int' }, count, named, depth),
      samples({ kind: 'str' }, count, named, depth),
    ),
  ];
  if (depth > 0) return samples({ kind: 'int' }, count, named, depth);
  return [
    ...interleaved(
      simple,
      samples({ kind: 'list', of: { kind: 'int' } }, count, named, 1),
      samples({ kind: 'list', of: { kind: 'str' } }, count, named, 1),
    ),
  ];
}

function integer(value: bigint): Value {
  return { type: 'int', value };
}

function text(value: string): Value {
  return { type: 'str', value };
}

function pick(values: readonly Value[], index: number): Value {
  return values[index % Math.max(1, values.length)] ?? { type: 'none' };
}

function pickMany(values: readonly Value[], size: number, from: number): Value[] {
  return Array.from({ length: size }, (_, index) => pick(values, from + index));
}

/** One of each in turn, while any has more. */
function* interleaved<T>(...lists: readonly (readonly T[])[]): Generator<T> {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1) {
    for (const list of lists) {
      const item = list[index];
      if (item !== undefined) yield item;
    }
  }
}

function distinct(values: readonly Value[]): Value[] {
  const seen = new Set<string>();
  const key = (value: Value) =>
    JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));
  return values.filter((value) => !seen.has(key(value)) && seen.add(key(value)));
}
