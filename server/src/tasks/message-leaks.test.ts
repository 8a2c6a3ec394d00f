import { describe, expect, it } from 'vitest';
import type { Pair } from '../../../protocol/task.ts';
import { leaks } from './message-leaks.ts';

const program = 'def scaled(x, low):\n    if x < low:\n        return low\n    return x * 10 + 1\n';
const pairs: Pair[] = [
  ['(3, 1)', '31'],
  ['(6, 3)', 'True'],
  ["('ab', [1, 2])", "['ab', 'cd']"],
];
const tell = (message: string) => leaks(message, { program, entry: 'scaled' }, pairs);

describe('a message about a program', () => {
  it.each([
    'Multiplies the number by ten and adds one, but never gives less than the bound.',
    'Ten times x, plus one; where x is below low, low itself.',
    'Says True where one divides the other.',
    // Short outputs stand everywhere.
    'Gives 31 for three.',
    'Takes two things, x and low, in this order.',
  ])('may describe it: %s', (message) => {
    expect(tell(message)).toBe(false);
  });

  it.each([
    ['a line of it', 'It says return x * 10 + 1 in the end.'],
    ['an expression of it', 'The result is x*10 + 1 mostly.'],
    ['a definition', 'Just def g(x): and so on.'],
    ['a lambda', 'The same as lambda x: 5 really.'],
    ['its call', 'What scaled(3, 1) gives.'],
    ['an output', "It ends up as ['ab', 'cd'] then."],
    ['an output in other quotes and spaces', 'It ends up as ["ab","cd"] then.'],
    ['the arguments of a call', "Called with 'ab', [1, 2] it does it."],
  ])('may not hold %s', (_what, message) => {
    expect(tell(message)).toBe(true);
  });
});
