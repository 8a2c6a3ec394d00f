import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue } from './any-value.ts';
import { decode, encode } from './canonical.ts';
import { CanonicalError, type CanonicalReason } from './canonical-error.ts';
import { identical } from './relations.ts';
import type { Value } from './value.ts';

const int = (value: number): Value => ({ type: 'int', value: BigInt(value) });
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const decodeText = (text: string) => decode(Buffer.from(text, 'latin1'));

function reasonOf(act: () => unknown): CanonicalReason | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof CanonicalError) return error.reason;
    throw error;
  }
  return undefined;
}

test.each<[string, Value]>([
  ['N', { type: 'none' }],
  ['T', { type: 'bool', value: true }],
  ['i-ff;', int(-255)],
  ['f0x1.8000000000000p+1;', { type: 'float', value: 3 }],
  ['c0x0.0p+0,-0x0.0p+0;', { type: 'complex', real: 0, imag: -0 }],
  ['s2:\xc3\xa9', { type: 'str', value: 'é' }],
  ['s4:\xf0\x9f\x98\x80', { type: 'str', value: '😀' }],
  ['s4:\xed\xa0\x80a', { type: 'str', value: '\ud800a' }],
  ['b00ff;', { type: 'bytes', value: new Uint8Array([0, 255]) }],
  ['[i1;(N)]', { type: 'list', items: [int(1), { type: 'tuple', items: [{ type: 'none' }] }] }],
  ['<i10;i2;>', { type: 'set', items: [int(16), int(2)] }],
  ['z<>', { type: 'frozenset', items: [] }],
  [
    '{i2;i1;i1;N}',
    {
      type: 'dict',
      entries: [
        [int(2), int(1)],
        [int(1), { type: 'none' }],
      ],
    },
  ],
])('%s', (text, value) => {
  expect(latin1(encode(value))).toBe(text);
  expect(decodeText(text)).toEqual(value);
});

test('a value comes back identical, and has one form only', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const decoded = decode(encode(value));
      expect(identical(decoded, value)).toBe(true);
      expect(encode(decoded)).toEqual(encode(value));
    }),
  );
});

test('the order of a set leaves no trace', () => {
  const members = [int(3), int(1), int(2)];
  expect(encode({ type: 'set', items: members })).toEqual(
    encode({ type: 'set', items: members.toReversed() }),
  );
});

test('any change of one byte gives another value or none', () => {
  fc.assert(
    fc.property(anyValue, fc.nat(), fc.nat(255), (value, place, byte) => {
      const bytes = Uint8Array.from(encode(value));
      bytes[place % bytes.length] = byte;
      let decoded: Value;
      try {
        decoded = decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CanonicalError);
        return;
      }
      expect(encode(decoded)).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 500 },
  );
});

describe('what is no canonical form', () => {
  test.each<[string, CanonicalReason]>([
    ['', 'syntax'],
    ['NN', 'syntax'],
    [' N', 'syntax'],
    ['[i1;', 'syntax'],
    ['i;', 'syntax'],
    ['iFF;', 'syntax'],
    ['i01;', 'alias'],
    ['i-0;', 'alias'],
    ['f1.5;', 'syntax'],
    ['s3:ab', 'syntax'],
    ['s02:ab', 'syntax'],
    ['s1:\xff', 'syntax'],
    ['s2:\xc0\x80', 'syntax'],
    ['s6:\xed\xa0\x80\xed\xb0\x80', 'surrogates'],
    ['bF0;', 'syntax'],
    ['b0;', 'syntax'],
    ['<i2;i1;>', 'alias'],
    ['<i1;i1;>', 'duplicate'],
    ['<i1;T>', 'duplicate'],
    ['<fnan;fnan;>', 'duplicate'],
    ['<[]>', 'unhashable'],
    ['{([])N}', 'unhashable'],
    ['{i1;}', 'syntax'],
    ['{i1;NTN}', 'duplicate'],
    ['z[]', 'syntax'],
  ])('%j: %s', (text, reason) => expect(reasonOf(() => decodeText(text))).toBe(reason));
});

describe('the budget', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const list = (length: number): Value => ({ type: 'list', items: Array(length).fill({ type: 'none' }) });

  test('32 containers around one another', () => {
    expect(encode(decodeText(nested(32))).length).toBe(64);
    expect(reasonOf(() => decodeText(nested(33)))).toBe('depth');
  });

  test('4,096 values', () => {
    expect(decode(encode(list(4095)))).toEqual(list(4095));
    expect(reasonOf(() => encode(list(4096)))).toBe('nodes');
    expect(reasonOf(() => decodeText(`[${'N'.repeat(4096)}]`))).toBe('nodes');
  });

  test('ints of 4,096 bits', () => {
    const largest: Value = { type: 'int', value: -(2n ** 4096n - 1n) };
    expect(decode(encode(largest))).toEqual(largest);
    expect(reasonOf(() => encode({ type: 'int', value: 2n ** 4096n }))).toBe('int-bits');
    expect(reasonOf(() => decodeText(`i1${'0'.repeat(1024)};`))).toBe('int-bits');
  });

  test('16,384 bytes, counted in UTF-8', () => {
    const letters: Value = { type: 'str', value: 'é'.repeat((16_384 - 's16378:'.length - 1) / 2) };
    expect(encode(letters).length).toBe(16_383);
    expect(reasonOf(() => encode({ type: 'str', value: 'é'.repeat(8190) }))).toBe('size');
    expect(reasonOf(() => decode(new Uint8Array(16_385)))).toBe('size');
  });

  test('a hundred thousand brackets are refused at once', () => {
    expect(reasonOf(() => decodeText('['.repeat(16_384)))).toBe('depth');
  });
});
