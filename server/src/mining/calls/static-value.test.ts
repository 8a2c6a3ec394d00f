import { describe, expect, it } from 'vitest';
import { writeValue } from '../../values/literal-writer.ts';
import type { Value } from '../../values/value.ts';
import { parsePython } from '../python-parser.ts';
import { namedChildren } from '../syntax/syntax.ts';
import { staticValue } from './static-value.ts';

const known = new Map<string, Value | null>([
  ['n', { type: 'int', value: 3n }],
  ['pair', { type: 'tuple', items: [{ type: 'str', value: 'a' }, { type: 'none' }] }],
  ['unknown', null],
]);

function told(source: string): string | undefined {
  const tree = parsePython(source);
  const [statement] = tree.root.children;
  const [node] = statement === undefined ? [] : namedChildren(statement);
  const value = node && staticValue(tree, node, known);
  return value && writeValue(value);
}

describe('staticValue', () => {
  it.each([
    ["'a' 'b'", "'ab'"],
    ['-1.5', '-1.5'],
    ["[1, (2,), {'k': {3}}]", "[1, (2,), {'k': {3}}]"],
    ['([1])', '[1]'],
    ['[n, *pair, [n]]', "[3, 'a', None, [3]]"],
    ['{n: pair}', "{3: ('a', None)}"],
    ["'ab' * 3", "'ababab'"],
    ['[0] * n', '[0, 0, 0]'],
    ['range(3)', '[0, 1, 2]'],
    ['range(1, 8, n)', '[1, 4, 7]'],
    ['range(3, 0, -1)', '[3, 2, 1]'],
    ['list(range(2))', '[0, 1]'],
    ["tuple('ab')", "('a', 'b')"],
    ['iter([1])', '[1]'],
    ['list()', '[]'],
    ['dict(a=1, b=n)', "{'a': 1, 'b': 3}"],
    ["'a b  c'.split()", "['a', 'b', 'c']"],
    ["'a,,b'.split(',')", "['a', '', 'b']"],
  ])('%s is %s', (source, expected) => {
    expect(told(source)).toBe(expected);
  });

  it.each([
    'unknown',
    'other',
    '[1, other]',
    'f(1)',
    "f'{n}'",
    'lambda: 1',
    'n + 1',
    'range(10**9)',
    'range(1, 2, 0)',
    "'x' * 100000",
    '[0] * -1',
    '{**pair}',
    "'a'.upper()",
    "'ab'.split('')",
    'sorted([1])',
    'list(1)',
  ])('%s cannot be told', (source) => {
    expect(told(source)).toBeUndefined();
  });
});
