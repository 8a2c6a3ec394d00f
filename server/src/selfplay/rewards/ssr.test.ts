import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteZeroProposer } from './absolute-zero.ts';
import { unplayed } from './measured.ts';
import { injectorReward, repairReward } from './ssr.ts';

/** Expected reward of a bug that is repaired with probability `p`, over `attempts` attempts. */
function expected(p: number, attempts: number): number {
  let sum = 0;
  let ways = 1;
  for (let right = 0; right <= attempts; right += 1) {
    sum += ways * p ** right * (1 - p) ** (attempts - right) * injectorReward(right / attempts);
    ways = (ways * (attempts - right)) / (right + 1);
  }
  return sum;
}

describe('the injector', () => {
  it('pays −1 for a bug that is rejected, −0.8 at both ends, else 1 − 1.8 · s', () => {
    expect(injectorReward(undefined)).toBe(-1);
    expect([0, 1].map((rate) => injectorReward(rate))).toEqual([-0.8, -0.8]);
    expect([0.125, 0.5, 0.875].map((rate) => injectorReward(rate))).toEqual([
      0.775, 0.09999999999999998, -0.575,
    ]);
  });

  it.each([
    [4, 0.37],
    [8, 0.26],
    [16, 0.17],
  ])('with %d attempts is best where a bug is repaired with probability %d', (attempts, best) => {
    const grid = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
    const rewards = grid.map((p) => expected(p, attempts));
    expect(grid[rewards.indexOf(Math.max(...rewards))]).toBe(best);
  });

  it('is 1.8 · Absolute Zero’s − 0.8 on what is valid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), (right) => {
        const { total } = absoluteZeroProposer(
          { verdict: 'valid' },
          { ...unplayed(1), solveRate: right / 8 },
        );
        expect(injectorReward(right / 8)).toBeCloseTo(1.8 * total - 0.8, 12);
      }),
    );
  });
});

it('the repairer earns 1 or −1', () => {
  expect([repairReward(true), repairReward(false)]).toEqual([1, -1]);
});
