import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue } from './any-value.ts';
import { readValue } from './literal-reader.ts';
import { holdsNaN, identical, pyEqual, sameOutput, sameValue } from './relations.ts';
import type { Value } from './value.ts';

function value(text: string): Value {
  const read = readValue(text);
  if (!read.ok) throw new Error(`${text}: ${read.reason}`);
  return read.value;
}

function compared(left: string, right: string): boolean[] {
  const [a, b] = [value(left), value(right)];
  return [identical(a, b), sameValue(a, b), pyEqual(a, b)];
}

describe('the three relations', () => {
  test.each([
    ['1', '1', true, true, true],
    ['1', 'True', false, false, true],
    ['1', '1.0', false, false, true],
    ['1.0', '1+0j', false, false, true],
    ['0.0', '-0.0', false, false, true],
    ['0j', '-0.0', false, false, true],
    ['2j', '(-0+2j)', false, false, true],
    ['9007199254740993', '9007199254740992.0', false, false, false],
    ['1e999', "float('inf')", true, true, true],
    ['{1: 2, 3: 4}', '{3: 4, 1: 2}', false, true, true],
    ['{1: 2}', '{1.0: 2}', false, false, true],
    ['{1, 2}', '{2, 1}', true, true, true],
    ['{1, 2}', 'frozenset({1, 2})', false, false, true],
    ['{(1, 2.0)}', '{(1.0, 2)}', false, false, true],
    ['[1]', '(1,)', false, false, false],
    ['[[True]]', '[[1]]', false, false, true],
    ["'a'", "b'a'", false, false, false],
    ["''", 'None', false, false, false],
    ['0', 'False', false, false, true],
    ['0', 'None', false, false, false],
    ['[1, 2]', '[2, 1]', false, false, false],
  ])('%s and %s', (left, right, ...expected) => {
    expect(compared(left, right)).toEqual(expected);
    expect(compared(right, left)).toEqual(expected);
  });

  test('are as docs/sandbox.md shows them', async () => {
    const text = await readFile(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| (`.+`) \| (`.+`) \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm)];
    expect(rows.length).toBeGreaterThan(6);
    for (const [row, left = '', rights = '', ...expected] of rows) {
      for (const right of rights.split(', `')) {
        const found = compared(left.replaceAll('`', ''), right.replaceAll('`', ''));
        expect([row, ...found]).toEqual([row, ...expected.map((word) => word === 'yes')]);
      }
    }
  });

  test('a NaN is identical to itself, and equal to nothing', () => {
    const nan: Value = {
      type: 'dict',
      entries: [[{ type: 'complex', real: 1, imag: Number.NaN }, { type: 'none' }]],
    };
    expect([identical(nan, nan), sameValue(nan, nan), pyEqual(nan, nan)]).toEqual([true, false, false]);
    expect([holdsNaN(nan), holdsNaN(value('[1.0, 2j]'))]).toEqual([true, false]);
  });

  test('each is implied by the stricter one, for values that hold no NaN', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect([identical(a, a), sameValue(a, a), pyEqual(a, a)]).toEqual([true, true, true]);
        if (identical(a, b)) expect(sameValue(a, b)).toBe(true);
        if (sameValue(a, b)) expect(pyEqual(a, b)).toBe(true);
      }),
    );
  });

  test('large dicts in opposite orders take no time', () => {
    const keys = Array.from(
      { length: 2000 },
      (_, key): Value => ({ type: 'tuple', items: [{ type: 'int', value: BigInt(key) }] }),
    );
    const dict = (ordered: Value[]): Value => ({ type: 'dict', entries: ordered.map((key) => [key, key]) });
    const start = performance.now();
    expect(sameValue(dict(keys), dict(keys.toReversed()))).toBe(true);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

test('exceptions are compared by name', () => {
  const raised = (exception: string) => ({ type: 'raise', exception }) as const;
  expect(sameOutput(raised('KeyError'), raised('KeyError'))).toBe(true);
  expect(sameOutput(raised('KeyError'), raised('IndexError'))).toBe(false);
  expect(sameOutput(raised('KeyError'), { type: 'value', value: { type: 'str', value: 'KeyError' } })).toBe(
    false,
  );
});
