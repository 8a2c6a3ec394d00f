import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { functionLine, type MinedFunction } from './function-lines.ts';

const text = [
  'import os',
  '',
  '@cache',
  'def area(w, h):',
  '    return w * h',
  '',
  'def other():',
  '    pass',
];
const mined = (change: Partial<MinedFunction> = {}): MinedFunction => ({
  symbol: 'area',
  line: 3,
  endLine: 5,
  unitHash: hash(text.slice(2, 5).join('\n')),
  ...change,
});

describe('functionLine', () => {
  it('is the first decorator', () => {
    expect(functionLine(text, mined())).toBe(2);
  });

  it('moves with edits above and stays during edits inside', () => {
    expect(functionLine(['# new', ...text], mined())).toBe(3);
    expect(functionLine(text.with(4, '    retur'), mined())).toBe(2);
  });

  it('is nowhere once the function is gone or has another name', () => {
    expect(functionLine(text.with(3, 'def areas(w, h):'), mined())).toBeUndefined();
    expect(functionLine([], mined())).toBeUndefined();
  });

  it('does not take a longer name, a call or a comment for the function', () => {
    expect(
      functionLine(['def area2():', 'area(1)', '# def area():', 'x = "def area("'], mined()),
    ).toBeUndefined();
  });

  it('takes of several functions of one name the one with the same text', () => {
    const method = ['    def area(self):', '        return 1'];
    const lines = [
      'class A:',
      ...method,
      'class B:',
      '    def area(self):',
      '        return 2',
      '#',
      '#',
      '#',
    ];
    const of = (body: string) =>
      mined({
        symbol: 'B.area',
        line: 20,
        endLine: 21,
        unitHash: hash(`def area(self):\n        return ${body}`),
      });
    expect(functionLine(lines, of('1'))).toBe(1);
    expect(functionLine(lines, of('2'))).toBe(4);
  });

  it('takes the nearest one where no text is the same', () => {
    const lines = ['def area(): return 1', '', '', '', '', 'def area(): return 2'];
    expect(functionLine(lines, mined({ line: 5, unitHash: 'gone' }))).toBe(5);
  });
});

function hash(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}
