import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentText, callText, continuedFunction, functionEnds } from './session.ts';

describe('argument tuples and the text between parentheses', () => {
  it.each([
    ['()', ''],
    ['(1,)', '1'],
    ["(1, 'a')", "1, 'a'"],
    ['((1, 2),)', '(1, 2)'],
    ["('a,',)", "'a,'"],
  ])('%s stands in a call as %s', (call, args) => {
    expect(argumentText(call)).toBe(args);
  });

  it('go back and forth', () => {
    expect(callText('')).toBe('()');
    expect(callText(" 1, 'a' ")).toBe("(1, 'a',)");
    expect(callText('1, 2,')).toBe('(1, 2,)');
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
        const call = numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(', ')})`;
        expect(callText(argumentText(call)).replace(/,\)$/, ')')).toBe(call.replace(/,\)$/, ')'));
      }),
    );
  });
});

describe('a function that the model continues', () => {
  const text = 'double(x):\n...     y = x\n...     return y + x\n...\n>>> double(2)\n';

  it('ends at the bare dots and leaves the rest', () => {
    expect(continuedFunction(text)).toEqual({
      source: 'def double(x):\n    y = x\n    return y + x',
      rest: '>>> double(2)\n',
    });
    expect(functionEnds(text)).toBe(true);
    expect(functionEnds('double(x):\n...     return x\n')).toBe(false);
    expect(functionEnds('double(x):\n...     return x\n...')).toBe(false);
  });

  it('ends without bare dots at the next prompt', () => {
    const short = ' double(x):\n...     return 2 * x\n>>> double(2)\n';
    expect(continuedFunction(short)).toEqual({
      source: 'def double(x):\n    return 2 * x',
      rest: '>>> double(2)\n',
    });
    expect(functionEnds(short)).toBe(true);
  });

  it.each([
    ['a body that breaks off', 'double(x):\n...     return x'],
    ['no body', 'double(x):\n...\n'],
    ['a body without prompts', 'double(x):\n    return x\n...\n'],
    ['nothing', ''],
  ])('is not read with %s', (_name, broken) => {
    expect(continuedFunction(broken)).toBeUndefined();
  });
});
