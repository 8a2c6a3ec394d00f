import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording } from './recording.ts';

const bytes = (...lines: readonly unknown[]) =>
  new TextEncoder().encode(
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const call = { file: 'm.py', line: 3, name: 'f', args: ['1', "{'a': [2.5]}"], keywords: {} };

describe('readRecording', () => {
  it('reads what the recorder writes', () => {
    const method = { ...call, made: { class: 'Box', args: ['set()'], keywords: { size: '3' } } };
    expect(readRecording(bytes(call, method))).toEqual([call, method]);
  });

  it.each([
    ['half a line', JSON.stringify(call).slice(0, 40)],
    ['no object', '[1]'],
    ['a line before the first', { ...call, line: 0 }],
    ['code in the place of a value', { ...call, args: ["__import__('os').getcwd()"] }],
    ['code as what an object is made of', { ...call, made: { class: 'Box', args: ['f()'], keywords: {} } }],
    ['code by name', { ...call, keywords: { key: 'lambda: 1' } }],
  ])('leaves out %s and goes on', (_, line) => {
    expect(readRecording(bytes(line, call))).toEqual([call]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (any) => {
        expect(Array.isArray(readRecording(any))).toBe(true);
      }),
    );
  });
});
