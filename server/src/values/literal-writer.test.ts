import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue } from './any-value.ts';
import { readCall, readOutput, readValue } from './literal-reader.ts';
import { writeCall, writeOutput, writeValue } from './literal-writer.ts';
import { identical } from './relations.ts';
import type { Value } from './value.ts';

describe('floats, as repr lays them out', () => {
  test.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [123456.789, '123456.789'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e300, '1.5e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [5e-324, '5e-324'],
    [Infinity, "float('inf')"],
    [Number.NaN, "float('nan')"],
  ])('%d is %s', (value, text) => expect(writeValue({ type: 'float', value })).toBe(text));
});

describe('complex numbers', () => {
  test.each([
    [0, 2, '2j'],
    [0, -2, '-2j'],
    [-0, 2, '(-0+2j)'],
    [1, -0, '(1-0j)'],
    [1.5, 1e16, '(1.5+1e+16j)'],
    [Infinity, -Infinity, '(1e999-1e999j)'],
  ])('%d and %d are %s', (real, imag, text) =>
    expect(writeValue({ type: 'complex', real, imag })).toBe(text),
  );
});

describe('strings', () => {
  test.each([
    ["it's", `"it's"`],
    [`'"`, `'\\'"'`],
    ['a\\\n\t\0\x7f', "'a\\\\\\n\\t\\x00\\x7f'"],
    ['é\xa0\u2028😀\ud800\u{e0001}', "'é\\xa0\\u2028😀\\ud800\\U000e0001'"],
  ])('%j is %s', (value, text) => expect(writeValue({ type: 'str', value })).toBe(text));

  test('bytes are ASCII', () =>
    expect(writeValue({ type: 'bytes', value: new Uint8Array([39, 0, 255]) })).toBe(`b"'\\x00\\xff"`));
});

test('calls and outputs', () => {
  const one: Value = { type: 'int', value: 1n };
  expect([writeCall([]), writeCall([one]), writeCall([one, one])]).toEqual(['()', '(1,)', '(1, 1)']);
  expect(writeOutput({ type: 'raise', exception: 'KeyError' })).toBe('raise KeyError');
});

test('whatever is written is read back identical, on one line', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const text = writeValue(value);
      expect(text).not.toMatch(/[\r\n]/);
      const read = readValue(text);
      expect(read.ok && identical(read.value, value)).toBe(true);
      const call = readCall(writeCall([value]));
      expect(
        call.ok && identical({ type: 'tuple', items: call.value }, { type: 'tuple', items: [value] }),
      ).toBe(true);
      const output = readOutput(text);
      expect(output.ok && output.value.type === 'value' && identical(output.value.value, value)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('the largest values within the budget are read back', () => {
  const none: Value = { type: 'none' };
  const largest: Value[] = [
    { type: 'str', value: '\0'.repeat(16_370) },
    { type: 'list', items: Array(4095).fill({ type: 'bool', value: false }) },
    { type: 'list', items: Array(300).fill({ type: 'complex', real: -0, imag: Infinity }) },
    { type: 'int', value: 2n ** 4096n - 1n },
    Array.from({ length: 32 }).reduce<Value>((inner) => ({ type: 'frozenset', items: [inner] }), none),
  ];
  for (const value of largest) {
    const read = readValue(writeValue(value));
    expect(read.ok && identical(read.value, value)).toBe(true);
  }
});
