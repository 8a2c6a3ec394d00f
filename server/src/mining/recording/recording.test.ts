import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultIn } from '../python-fault.ts';
import { parsePython } from '../python-parser.ts';
import { argumentText, readArgument } from './recorded-argument.ts';
import { readRecording } from './recording.ts';

const bytes = (...lines: readonly unknown[]) =>
  new TextEncoder().encode(
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const call = { file: 'm.py', line: 3, name: 'f', args: ['1', "{'a': [2.5]}"], keywords: {} };

const box = {
  class: 'Box',
  file: 'm.py',
  args: ['set()'],
  names: ['items'],
  given: 1,
  keywords: { size: '3' },
};
const within = (depth: number): unknown => (depth === 0 ? box : { ...box, args: [within(depth - 1)] });

describe('readRecording', () => {
  it('reads what the recorder writes', () => {
    const method = { ...call, args: [within(2), '1'], keywords: { key: box }, made: box };
    expect(readRecording(bytes(call, method))).toEqual([call, method]);
  });

  it.each([
    ['half a line', JSON.stringify(call).slice(0, 40)],
    ['no object', '[1]'],
    ['a line before the first', { ...call, line: 0 }],
    ['code in the place of a value', { ...call, args: ["__import__('os').getcwd()"] }],
    ['code as what an object is made of', { ...call, made: { ...box, args: ['f()'] } }],
    ['code deeper within an argument', { ...call, args: [{ ...box, args: [{ ...box, args: ['f()'] }] }] }],
    ['code as the name of a class', { ...call, args: [{ ...box, class: 'Box(exit())' }] }],
    ['code as a parameter', { ...call, args: [{ ...box, names: ['x=exit()'] }] }],
    ['code as a name that is given', { ...call, args: [{ ...box, keywords: { 'x=1, y': '1' } }] }],
    ['more arguments than names', { ...call, args: [{ ...box, args: ['1', '2'] }] }],
    ['more arguments than there are', { ...call, args: [{ ...box, given: 2 }] }],
    ['objects within too many others', { ...call, args: [within(3)] }],
    [
      'very many arguments',
      { ...call, args: [{ ...box, args: Array(25).fill('1'), names: Array(25).fill('x') }] },
    ],
    ['code by name', { ...call, keywords: { key: 'lambda: 1' } }],
  ])('leaves out %s and goes on', (_, line) => {
    expect(readRecording(bytes(line, call))).toEqual([call]);
  });

  it('gives only objects that can be written as a call, whatever stands in their place', () => {
    const argument = fc.letrec((tie) => ({
      argument: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('1', "'a'", '[2]', 'f()', ''),
        fc.jsonValue(),
        fc.record(
          {
            class: fc.oneof(fc.constant('Box'), fc.string()),
            file: fc.string(),
            args: fc.array(tie('argument'), { maxLength: 3 }),
            names: fc.array(fc.constantFrom('x', '_y', 'é', 'a b', ''), { maxLength: 3 }),
            given: fc.integer({ min: -1, max: 3 }),
            keywords: fc.dictionary(fc.constantFrom('size', '__proto__', '='), tie('argument'), {
              maxKeys: 2,
            }),
          },
          { requiredKeys: ['class', 'file', 'args'] },
        ),
      ),
    })).argument;
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 3 }), (args) => {
        for (const read of readRecording(bytes({ ...call, args })))
          for (const each of read.args) {
            const text = argumentText(readArgument(each) ?? { type: 'literal', value: { type: 'none' } });
            expect(readArgument(each)).toBeDefined();
            expect(faultIn(parsePython(`${text}\n`))).toBeUndefined();
          }
      }),
      { numRuns: 300 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        expect(Array.isArray(readRecording(any))).toBe(true);
      }),
    );
  });
});
