import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyValue } from './any-value.ts';
import { encode } from './canonical.ts';
import { type Read, readValue } from './literal-reader.ts';
import { writeValue } from './literal-writer.ts';
import type { Value } from './value.ts';

/** Canonical form in hex and `repr`, or null where Python refuses the text. */
type Answer = readonly [canonical: string, repr: string] | null;

/** What CPython makes of each text, asked in one process. */
function cpython(texts: readonly string[]): Answer[] {
  const script = fileURLToPath(new URL('./cpython_reference.py', import.meta.url));
  const input = `${texts.map((text) => JSON.stringify(text)).join('\n')}\n`;
  const { stdout, stderr } = spawnSync('python3', ['-I', script], { input, maxBuffer: 2 ** 28 });
  const answers = stdout.toString().trim().split('\n');
  if (answers.length !== texts.length) throw new Error(`CPython stopped: ${stderr}`);
  return answers.map((line) => JSON.parse(line) as Answer);
}

function canonicalHex(read: Read<Value>): string | null {
  return read.ok ? Buffer.from(encode(read.value)).toString('hex') : null;
}

function expectAgreement(texts: readonly string[]): void {
  const disagreements = cpython(texts)
    .map((answer, index) => {
      const text = texts[index] ?? '';
      const read = readValue(text);
      return { text, cpython: answer?.[0] ?? null, ours: canonicalHex(read), read };
    })
    .filter(({ cpython, ours }) => cpython !== ours);
  expect(disagreements).toEqual([]);
  // Were nearly all refused, agreement would say little.
  expect(texts.filter((text) => readValue(text).ok).length).toBeGreaterThan(300);
}

/** The same examples each time: a disagreement is found while the reader changes, not some day in someone else's run. */
function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 3 });
}

/** Texts made of these pieces, in any order. */
function texts(pieces: readonly string[], maxLength: number, count: number): string[] {
  return sample(
    fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength }).map((parts) => parts.join('')),
    count,
  );
}

/** Whether a value and everything in it passes. */
function every(value: Value, passes: (part: Value) => boolean): boolean {
  if (!passes(value)) return false;
  if (value.type === 'dict') return value.entries.flat().every((part) => every(part, passes));
  return !('items' in value) || value.items.every((part) => every(part, passes));
}

const withoutInfinity = (part: Value) =>
  part.type === 'float'
    ? Number.isFinite(part.value)
    : part.type !== 'complex' || Number.isFinite(part.real + part.imag);
/** `repr` of a signed zero in a complex number means another one when Python reads it. */
const zeroesAgree = (part: Value) => part.type !== 'complex' || (part.real !== 0 && part.imag !== 0);
const oneOrder = (part: Value) => part.type !== 'set' || part.items.length < 2;

describe('CPython agrees', () => {
  test('on what the writer writes, and on what it looks like', () => {
    const values = sample(anyValue, 6000).filter((value) =>
      every(value, (part) => withoutInfinity(part) && zeroesAgree(part) && part.type !== 'frozenset'),
    );
    const answers = cpython(values.map(writeValue));
    expect(values.length).toBeGreaterThan(2000);
    for (const [index, value] of values.entries()) {
      const [canonical, repr] = answers[index] ?? [];
      expect(canonical).toBe(Buffer.from(encode(value)).toString('hex'));
      if (every(value, oneOrder)) expect(writeValue(value)).toBe(repr);
    }
  });

  test('on numbers', () => {
    const pieces = [
      '0',
      '1',
      '9',
      '07',
      '_',
      '.',
      'e',
      'E+',
      '-',
      '+',
      'j',
      'J',
      'x',
      '0x',
      '0B',
      'o',
      'f',
      ' ',
    ];
    // Complex parts that are zero are left to the reader's own tests: the signs differ between versions of Python.
    const zeroes = /j|J/;
    expectAgreement(texts(pieces, 6, 6000).filter((text) => !(zeroes.test(text) && /0|-/.test(text))));
  });

  test('on strings', () => {
    const pieces = [
      ...[
        '\\',
        "'",
        '"',
        "'''",
        '"""',
        '\\u',
        '\\U',
        '\\x',
        '\\N',
        '\\ud83d',
        '\\ude00',
        '0',
        '41',
        '777',
        '0001F600',
      ],
      ...['a', 'n', 'é', '😀', '\n', '\r\n', '\r', '\t', ' ', '{', '#'],
    ];
    const prefixes = fc.constantFrom('', 'r', 'b', 'u', 'Rb', 'bR', 'B', 'f', 'ur', 'bu');
    const quotes = fc.constantFrom("'", '"', "'''", '"""');
    const body = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
    const literal = fc
      .tuple(prefixes, quotes, body)
      .map(([prefix, quote, text]) => prefix + quote + text + quote);
    const several = fc.array(literal, { minLength: 1, maxLength: 2 }).map((literals) => literals.join(' '));
    expectAgreement(
      sample(several, 8000).filter(
        (text) => !/^\s*[fF]['"]/.test(text) && !/ [fF]['"]/.test(text) && !/['"]\s*#/.test(text),
      ),
    );
  });

  test('on displays', () => {
    const pieces = [
      ...['(', ')', '[', ']', '{', '}', ',', ':', '-', '+', ' ', '\n', '\\\n', '\f'],
      ...[
        '1',
        '2',
        '1.5',
        '2j',
        'None',
        'True',
        'set()',
        "'a'",
        "b'a'",
        '()',
        '[]',
        '{}',
        '1, 2',
        '{1: 2}',
        '(1,)',
      ],
    ];
    const sampled = texts(pieces, 8, 12_000);
    const wrapped = sampled.flatMap((text) => [text, `(${text})`, `[${text}]`, `{${text}}`]);
    // Before the first bracket Python is of two minds about a continued line that is empty.
    expectAgreement(wrapped.filter((text) => !/^[\s\f]*\\/.test(text) && !/-.*2j/s.test(text)));
  });
});
