import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProposalVerdict } from '../../../../protocol/group.ts';
import { absoluteZeroProposer, absoluteZeroSolver } from './absolute-zero.ts';
import { unplayed } from './measured.ts';

const valid: ProposalVerdict = { verdict: 'valid' };
const solved = (solveRate: number) => ({ ...unplayed(1), solveRate });

describe('the composite reward (equation 6)', () => {
  it('pays an attempt 1, −0.5 or −1', () => {
    expect(absoluteZeroSolver({ verdict: 'right' }).total).toBe(1);
    expect(absoluteZeroSolver({ verdict: 'wrong', reason: 'different' }).total).toBe(-0.5);
    expect(absoluteZeroSolver({ verdict: 'wrong', reason: 'malformed' }).total).toBe(-1);
    expect(absoluteZeroSolver({ verdict: 'wrong', reason: 'cut' }).total).toBe(-1);
  });

  it.each<[ProposalVerdict, number]>([
    [{ verdict: 'invalid', reason: 'malformed' }, -1],
    [{ verdict: 'invalid', reason: 'cut' }, -1],
    [{ verdict: 'invalid', reason: 'exception' }, -0.5],
    [{ verdict: 'not-new', reason: 'same-call' }, -0.5],
    [{ verdict: 'trivial', reason: 'argument' }, -0.5],
  ])('pays a proposal that is %j %d', (verdict, reward) => {
    expect(absoluteZeroProposer(verdict, undefined).total).toBe(reward);
  });
});

describe('the proposer (equation 4)', () => {
  it('earns 1 − r̄ for a valid task: with 8 attempts 0, .875 … .125, and 0 where all are right', () => {
    const rewards = [0, 1, 4, 7, 8].map((right) => absoluteZeroProposer(valid, solved(right / 8)).total);
    expect(rewards).toEqual([0, 0.875, 0.5, 0.125, 0]);
  });

  it('earns −0.5 at both ends in the released code', () => {
    const rewards = [0, 4, 8].map((right) => absoluteZeroProposer(valid, solved(right / 8), 'code').total);
    expect(rewards).toEqual([-0.5, 0.5, -0.5]);
  });

  it('earns nothing for what was not played', () => {
    expect(absoluteZeroProposer(valid, unplayed(1)).total).toBe(0);
  });

  it('is bounded by −1 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (rate) => {
        const { total } = absoluteZeroProposer(valid, solved(rate));
        expect(total).toBeGreaterThanOrEqual(-1);
        expect(total).toBeLessThanOrEqual(1);
      }),
    );
  });
});
