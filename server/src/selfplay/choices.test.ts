import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choices } from './choices.ts';

describe('choices', () => {
  it('are the same for the same random seed', () => {
    const draw = (seed: number) => {
      const chance = choices(seed);
      return [chance.randomSeed(), chance.one([1, 2, 3, 4]), chance.some([1, 2, 3, 4, 5], 3)];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('take distinct items and never more than there are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.uniqueArray(fc.integer()), fc.nat(20), (seed, items, count) => {
        const some = choices(seed).some(items, count);
        expect(new Set(some).size).toBe(Math.min(count, items.length));
        expect(items).toEqual(expect.arrayContaining(some));
      }),
    );
  });

  it('take nothing of nothing', () => {
    expect(choices(1).one([])).toBeUndefined();
    expect(choices(1).weighted([], () => 1)).toBeUndefined();
  });

  it('follow the weights', () => {
    const chance = choices(3);
    const drawn = Array.from({ length: 4000 }, () =>
      chance.weighted(['a', 'b', 'c'], (item) => (item === 'a' ? 3 : item === 'b' ? 1 : 0)),
    );
    expect(drawn.filter((item) => item === 'a').length / drawn.length).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('c');
  });
});
