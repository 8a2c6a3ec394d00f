import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatHex, parseFloatHex } from './float-hex.ts';

test.each([
  [1, '0x1.0000000000000p+0'],
  [-3, '-0x1.8000000000000p+1'],
  [0.1, '0x1.999999999999ap-4'],
  [0, '0x0.0p+0'],
  [-0, '-0x0.0p+0'],
  [5e-324, '0x0.0000000000001p-1022'],
  [Number.MAX_VALUE, '0x1.fffffffffffffp+1023'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [Number.NaN, 'nan'],
])('%d is %s', (value, text) => {
  expect(floatHex(value)).toBe(text);
  expect(parseFloatHex(text)).toBe(value);
});

test('every float comes back bit by bit', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(parseFloatHex(floatHex(value))).toBe(value);
    }),
  );
});

test.each([
  '',
  '1',
  '0x1p+0',
  '0x1.8p+0',
  '0x0.0000000000001p+0',
  '0x1.0000000000000p+1024',
  '0X1.0000000000000P+0',
  '-nan',
  'constructor',
])('%j is not what float.hex() writes', (text) => expect(parseFloatHex(text)).toBeUndefined());
