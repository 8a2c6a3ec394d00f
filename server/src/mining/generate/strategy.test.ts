import { sample } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkValue } from '../../values/encoding.ts';
import { writeValue } from '../../values/literal-writer.ts';
import type { Value } from '../../values/value.ts';
import { hintType } from './hint-type.ts';
import { type NamedValues, nothingNamed } from './named-values.ts';
import { strategyOf } from './strategy.ts';
import { any } from './value-type.ts';

const options = { seed: 7, numRuns: 300 };

function drawn(hint: string, named: Partial<NamedValues> = {}): Value[] {
  return sample(strategyOf(hintType(hint) ?? any, { ...nothingNamed, ...named }), options);
}

const written = (hint: string, named?: Partial<NamedValues>) => drawn(hint, named).map(writeValue);

describe('drawn values', () => {
  it.each([
    'int',
    'float',
    'complex',
    'str',
    'bytes',
    'bool',
    'list[int]',
    'list[list[str]]',
    'list[list[list[list[list[str]]]]]',
    'set[list[int]]',
    'frozenset',
    'tuple[str, int]',
    'dict[str, list[int]]',
    'dict[dict, set]',
    'Any',
    'Literal["a", 2] | None',
  ])('of %s are values of our grammar, small, many different ones, and the same each time', (hint) => {
    const values = drawn(hint);
    for (const value of values) {
      expect(() => checkValue(value)).not.toThrow();
      if (value.type === 'str' || value.type === 'bytes') expect(value.value.length).toBeLessThan(100);
      if ('items' in value) expect(value.items.length).toBeLessThan(20);
    }
    const texts = values.map(writeValue);
    expect(new Set(texts).size).toBeGreaterThanOrEqual(hint.startsWith('Lit') ? 3 : hint === 'bool' ? 2 : 25);
    expect(written(hint)).toEqual(texts);
  });

  it('are often what the code names', () => {
    expect(written('str', { texts: ['stone'] })).toContain("'stone'");
    expect(written('int', { integers: [4711n] })).toContain('4711');
    expect(written('float', { floats: [0.125] })).toContain('0.125');
    expect(written('list[str]', { texts: ['stone'] }).filter((text) => text.includes('stone'))).not.toEqual(
      [],
    );
  });

  it('are records of the keys that the code looks up', () => {
    const keys = ['tag', 'distance', 'dirty'];
    const whole = drawn('dict[str, int]', { keys }).filter(
      (value) =>
        value.type === 'dict' &&
        value.entries.length === 3 &&
        keys.every((key) => writeValue(value).includes(`'${key}': `)),
    );
    expect(whole.length).toBeGreaterThan(50);
  });

  it('match the patterns that the code names, in plain characters', () => {
    const patterns = ['^(?P<year>\\d{4})-(\\d\\d).*$', '(?i)x[', '(?P=never)(?<!a)b'];
    const texts = drawn('str', { patterns }).flatMap((value) => (value.type === 'str' ? [value.value] : []));
    expect(texts.filter((text) => /^\d{4}-\d\d/.test(text)).length).toBeGreaterThan(20);
    expect(texts.filter((text) => /[^\n\x20-\x7eé]/.test(text))).toEqual([]);
  });

  it.each([
    ['counts', '((((a{99}){99}){99}){99})'],
    ['no end', `${'('.repeat(30)}a${'+)'.repeat(30)}`],
  ])('leave patterns alone that ask for texts of any length: by %s', (_, pattern) => {
    const begun = performance.now();
    expect(drawn('str', { patterns: [pattern] }).map(writeValue)).toEqual(written('str'));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
