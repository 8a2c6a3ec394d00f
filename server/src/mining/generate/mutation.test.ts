import { sample } from 'fast-check';
import { expect, it } from 'vitest';
import { checkValue } from '../../values/encoding.ts';
import { readCall } from '../../values/literal-reader.ts';
import { writeCall, writeValue } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import { mutationOf } from './mutation.ts';
import { nothingNamed } from './named-values.ts';

function changed(text: string): Call[] {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(text);
  return sample(mutationOf(read.value, nothingNamed), { seed: 3, numRuns: 400 });
}

it('changes one argument at most, into a value of our grammar', () => {
  const text = "(5, 'ab', [1, 2], {'a': 1}, {3, 4}, (1, 'x'), None, 2.5, True, b'ab')";
  const read = readCall(text);
  const before = read.ok ? read.value.map(writeValue) : [];
  const calls = changed(text);
  for (const call of calls) {
    for (const value of call) expect(() => checkValue(value)).not.toThrow();
    expect(call.filter((value, at) => writeValue(value) !== before[at]).length).toBeLessThan(2);
  }
  const touched = before.map((was, at) => calls.some((call) => call[at] && writeValue(call[at]) !== was));
  // There is one None.
  expect(touched).toEqual(before.map((was) => was !== 'None'));
});

it.each([
  ['(5,)', ['(4,)', '(6,)', '(0,)', '(-5,)']],
  ["('abc d',)", ["('ABC D',)", "('',)", "('d cba',)", "('abc dabc d',)", "('bc d',)"]],
  ['([3, 1],)', ['([],)', '([1, 3],)', '([3, 1, 3, 1],)', '([3],)', '([4, 1],)', '([3, 0],)']],
  ["({'a': 1, 'b': 2},)", ['({},)', "({'b': 2},)", "({'a': 2, 'b': 2},)"]],
  ["((1, 'x'),)", ["((2, 'x'),)", "((1, 'X'),)", "(('x', 1),)"]],
  ['({1, 2},)', ['({2},)', '(set(),)']],
])('of %s gives what is near to it', (text, near) => {
  expect(changed(text).map(writeCall)).toEqual(expect.arrayContaining(near));
});

it('keeps texts and lists small however often it is done', () => {
  let text = `('${'ab'.repeat(40)}', [1, 2, 3, 4, 5, 6, 7, 8])`;
  for (let times = 0; times < 10; times += 1) {
    const longest = changed(text).toSorted((a, b) => writeCall(b).length - writeCall(a).length)[0] ?? [];
    for (const value of longest) {
      if (value.type === 'str') expect(value.value.length).toBeLessThan(100);
      if (value.type === 'list') expect(value.items.length).toBeLessThan(20);
    }
    text = writeCall(longest);
  }
});
