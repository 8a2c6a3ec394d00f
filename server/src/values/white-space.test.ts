import { expect, it } from 'vitest';
import { stripped } from './white-space.ts';

it.each([
  [' a b\n', 'a b'],
  ['\u00a0\u3000a\u2028', 'a'],
  ['\ufeffa', '\ufeffa'],
  ['', ''],
  [' \t\n', ''],
])('%j is stripped to %j', (text, expected) => expect(stripped(text)).toBe(expected));

it('takes no time for a text full of white space', () => {
  const begun = performance.now();
  expect(stripped(`a${' '.repeat(200_000)}a`)).toHaveLength(200_002);
  expect(performance.now() - begun).toBeLessThan(2_000);
});
