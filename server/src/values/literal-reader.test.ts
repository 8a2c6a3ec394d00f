import { describe, expect, test } from 'vitest';
import type { LiteralReason } from './literal-error.ts';
import { type Read, readCall, readOutput, readValue } from './literal-reader.ts';
import { writeCall, writeOutput, writeValue } from './literal-writer.ts';

function shown<T>(read: Read<T>, write: (value: T) => string): string {
  return read.ok ? write(read.value) : read.reason;
}
const value = (text: string) => shown(readValue(text), writeValue);
const call = (text: string) => shown(readCall(text), writeCall);
const output = (text: string) => shown(readOutput(text), writeOutput);

describe('values', () => {
  test.each([
    ['1_000', '1000'],
    ['0xFF', '255'],
    ['0b_1', '1'],
    ['000', '0'],
    ['-0', '0'],
    ['-0.0', '-0.0'],
    ['+ 1', '1'],
    ['1.', '1.0'],
    ['.5e1', '5.0'],
    ['1e999', "float('inf')"],
    ["float('-inf')", "float('-inf')"],
    ['1 - 2j', '(1-2j)'],
    ['-2j', '-2j'],
    ['(-0-2j)', '(-0-2j)'],
    [`'it''s'`, `'its'`],
    [`'a' "b"\t'''c'''`, `'abc'`],
    [`('a'\n  'b')`, `'ab'`],
    [`r'\\n'`, `'\\\\n'`],
    [`'\\x41\\101\\u00e9\\U0001F600\\q'`, `'AAé😀\\\\q'`],
    [`'''a\r\nb'''`, `'a\\nb'`],
    [`Rb'\\x'`, `b'\\\\x'`],
    [`b'\\xff\\u0041'`, `b'\\xff\\\\u0041'`],
    ['()', '()'],
    ['(1)', '1'],
    ['1,', '(1,)'],
    ['[1, 2,]', '[1, 2]'],
    ['[1, # one\n 2]', '[1, 2]'],
    ['{}', '{}'],
    ['set()', 'set()'],
    ['frozenset()', 'frozenset()'],
    ['frozenset({1, 2})', 'frozenset({1, 2})'],
    ['{1, True, 1.0}', '{1}'],
    ["{1: 'a', True: 'b'}", "{1: 'b'}"],
    ['\n None \n', 'None'],
  ])('%j reads as %s', (text, expected) => expect(value(text)).toBe(expected));

  test.each<[string, LiteralReason]>([
    ['', 'empty'],
    [' \n ', 'empty'],
    ['x', 'syntax'],
    ['true', 'syntax'],
    ['...', 'syntax'],
    ['1 + 1', 'syntax'],
    ['--1', 'syntax'],
    ['-True', 'syntax'],
    ['01', 'syntax'],
    ['1__0', 'syntax'],
    ["'a", 'syntax'],
    ["'a\n'", 'syntax'],
    ["f'a'", 'syntax'],
    ["ur'a'", 'syntax'],
    ["b'é'", 'syntax'],
    ["'a' b'b'", 'syntax'],
    ["'\\N{DASH}'", 'syntax'],
    ["'\\ud83d\\ude00'", 'surrogates'],
    ["'\\ud83d' '\\ude00'", 'surrogates'],
    ["'\0'", 'syntax'],
    ["'\ud800'", 'syntax'],
    ['[1', 'syntax'],
    ['(1]', 'syntax'],
    ['{1: 2, 3}', 'syntax'],
    ['{[1]}', 'unhashable'],
    ['{({},): 1}', 'unhashable'],
    ['set([1])', 'syntax'],
    ['frozenset([1])', 'syntax'],
    ['frozenset({})', 'syntax'],
    ["float('nan')", 'nan'],
    ["float('1')", 'syntax'],
    ['__import__("os")', 'syntax'],
    ['[1 for _ in (1,)]', 'syntax'],
    ['lambda: 1', 'syntax'],
    ['*(1,)', 'syntax'],
    ['```python\n1\n```', 'syntax'],
    ['The answer is 1', 'syntax'],
    ['1 # the answer', 'syntax'],
    ['1\n2', 'syntax'],
  ])('%j is refused: %s', (text, reason) => expect(value(text)).toBe(reason));

  test('a refusal says where', () => {
    expect(readValue('  [1, x]')).toEqual({ ok: false, reason: 'syntax', position: 6 });
    expect(readValue('{1, [2]}')).toEqual({ ok: false, reason: 'unhashable', position: 4 });
  });
});

describe('calls are argument tuples', () => {
  test.each([
    ['()', '()'],
    ["(1, 'a')", "(1, 'a')"],
    ["1, 'a'", "(1, 'a')"],
    ['(1,)', '(1,)'],
    ['1,', '(1,)'],
    ['((1, 2),)', '((1, 2),)'],
  ])('%s is %s', (text, expected) => expect(call(text)).toBe(expected));

  test.each(['1', '(1)', '[1, 2]', 'None'])('%s is none', (text) => expect(call(text)).toBe('not-tuple'));

  // Ways to break out of a template `f({answer})`.
  test.each(['1) or (2', '0) or True or f(0', '1) #', '(f:=lambda *a:14)', '*range(3),', 'x=1'])(
    '%s is none',
    (text) => expect(call(text)).toBe('syntax'),
  );
});

describe('outputs', () => {
  test.each([
    ['raise ValueError', 'raise ValueError'],
    ['raise  KeyError\n', 'raise KeyError'],
    ['raise ValueError()', 'exception'],
    ["raise ValueError('no')", 'exception'],
    ['raise MyError', 'exception'],
    ['raise', 'exception'],
    ['ValueError', 'syntax'],
    ["'raise ValueError'", "'raise ValueError'"],
    ['(1)', '1'],
  ])('%j: %s', (text, expected) => expect(output(text)).toBe(expected));
});

describe('hostile texts are refused fast', () => {
  const many = 100_000;
  test.each<[string, string, LiteralReason]>([
    ['open parentheses', '('.repeat(many), 'too-large'],
    ['open braces', '{'.repeat(many), 'too-large'],
    ['deep lists', '['.repeat(33) + ']'.repeat(33), 'too-large'],
    ['a hundred thousand digits', '9'.repeat(many), 'too-large'],
    ['signs', '-'.repeat(many), 'syntax'],
    ['items', `[${'1,'.repeat(many / 2)}]`, 'too-large'],
    ['keys', `{${Array.from({ length: 9_000 }, (_, key) => `${key}:0`).join()}}`, 'too-large'],
    ['unclosed strings', `'${'\\x41'.repeat(many / 4)}`, 'syntax'],
    ['half surrogates', `'${'\\ud83d'.repeat(many / 6)}'`, 'too-large'],
    ['continued lines', '\\\n'.repeat(many / 2), 'syntax'],
    ['comments', `[${'#\n'.repeat(many / 2)}`, 'syntax'],
    ['more than is read', `'${'a'.repeat(200_000)}'`, 'too-large'],
  ])('%s', (_, text, reason) => {
    const start = performance.now();
    expect(value(text)).toBe(reason);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
