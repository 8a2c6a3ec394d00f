import { describe, expect, it } from 'vitest';
import type { Reference } from '../kind-spec.ts';
import { callForm } from './call-form.ts';
import { readFunctionAndCall } from './written-function.ts';

const reference: Reference = {
  program: 'def tail(n, seq):\n    return seq[-n:]\n',
  entry: 'tail',
  pairs: [['(2, [1, 2, 3])', '[2, 3]']],
};

describe('a proposed call', () => {
  it('is what stands between the parentheses of the first line', () => {
    expect(callForm.read("1, 'abc')\nmore", [reference])).toEqual({
      type: 'call',
      program: reference.program,
      entry: 'tail',
      call: "(1, 'abc',)",
    });
  });

  it.each(['', '\n1)', '1, 2', '1) + 1'])('is not there in %j', (text) => {
    expect(callForm.read(text, [reference])).toBeUndefined();
  });
});

describe('a proposed program', () => {
  it('is a function and one call of it', () => {
    const text = 'twice(x):\n...     return 2 * x\n...\n>>> twice(4)\n';
    expect(readFunctionAndCall(text, 'import math\n')).toEqual({
      type: 'call',
      program: 'import math\ndef twice(x):\n    return 2 * x\n',
      entry: 'twice',
      call: '(4,)',
    });
  });

  it('is not there where the call is of something else or is no plain call', () => {
    const source = 'twice(x):\n...     return 2 * x\n...\n';
    expect(readFunctionAndCall(`${source}>>> thrice(4)\n`, '')).toBeUndefined();
    expect(readFunctionAndCall(`${source}>>> twice(4) + 1\n`, '')).toBeUndefined();
    expect(readFunctionAndCall(`${source}>>> print(twice(4))\n`, '')).toBeUndefined();
  });
});
