import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayEnter } from './few-valued.ts';

describe('tasks with few possible outputs', () => {
  it('are at most a quarter of a batch, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.boolean(), { maxLength: 128 }),
        (size, offered) => {
          let few = 0;
          let entered = 0;
          for (const isFew of offered) {
            if (entered === size || !mayEnter({ size, few }, isFew)) continue;
            entered += 1;
            few += Number(isFew);
          }
          expect(few).toBeLessThanOrEqual(size / 4);
        },
      ),
    );
  });

  it('of eight, two may', () => {
    expect([0, 1, 2].map((few) => mayEnter({ size: 8, few }, true))).toEqual([true, true, false]);
    expect(mayEnter({ size: 8, few: 2 }, false)).toBe(true);
  });
});
