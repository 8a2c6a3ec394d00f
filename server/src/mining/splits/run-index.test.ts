import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from './run-index.ts';

const run = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant(2 ** 32 - 1));

describe('RunIndex', () => {
  it('tells the lists that hold a run, however additions and questions alternate', () => {
    const steps = fc.array(fc.tuple(fc.uniqueArray(run, { maxLength: 12 }), fc.array(run, { maxLength: 4 })));
    fc.assert(
      fc.property(steps, (all) => {
        const index = new RunIndex();
        const lists: number[][] = [];
        for (const [list, questions] of all) {
          index.add(list);
          lists.push(list);
          for (const asked of [...questions, ...list.slice(0, 2)]) {
            const expected = lists.flatMap((its, number) => (its.includes(asked) ? [number] : []));
            expect([...index.listsOf(asked)].sort((a, b) => a - b)).toEqual(expected);
          }
        }
      }),
    );
  });

  it('holds more runs than it sorts at once', () => {
    const index = new RunIndex();
    for (let list = 0; list < 50; list += 1)
      index.add(Array.from({ length: 10_000 }, (_, at) => (at * 7 + list) >>> 0));
    // 70 = 7 × 10 + 0 = 7 × 9 + 7 = …: of every seventh list from its own first run on.
    expect([...index.listsOf(70)].sort((a, b) => a - b)).toEqual([0, 7, 14, 21, 28, 35, 42, 49]);
    expect([...index.listsOf(7 * 10_000 + 50)]).toEqual([]);
  });
});
