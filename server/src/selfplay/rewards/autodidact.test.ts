import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../protocol/judge.ts';
import { learnability, proposerReward, solveRate, solverReward } from './rewards.ts';

const right: Verdict = { verdict: 'right' };
const different: Verdict = { verdict: 'wrong', reason: 'different' };
const broken: Verdict = { verdict: 'unjudgeable', reason: 'sandbox' };

describe('learnability', () => {
  it('is 1 − r̄ between the ends and 0 at both of them', () => {
    expect([0, 0.125, 0.5, 0.875, 1].map(learnability)).toEqual([0, 0.875, 0.5, 0.125, 0]);
  });
});

describe('solve rate', () => {
  it('is the mean over what could be judged', () => {
    expect(solveRate([right, different, different, right, broken])).toBe(0.5);
  });

  it('is unknown, not zero, where nothing could be judged', () => {
    expect(solveRate([broken, broken])).toBeUndefined();
  });
});

describe('solver reward', () => {
  it('pays 1 for right and nothing for form alone', () => {
    expect(solverReward(right)).toEqual({ total: 1, parts: { correct: 1, format: 1 } });
    expect(solverReward(different)).toEqual({ total: 0, parts: { correct: 0, format: 1 } });
    expect(solverReward({ verdict: 'wrong', reason: 'malformed' })).toEqual({
      total: 0,
      parts: { correct: 0, format: 0 },
    });
  });
});

describe('proposer reward', () => {
  const valid = { verdict: 'valid' } as const;

  it('is 0 for what is invalid, not new or trivially solved', () => {
    expect(proposerReward({ verdict: 'invalid', reason: 'syntax' }, undefined).total).toBe(0);
    expect(proposerReward({ verdict: 'not-new', reason: 'same-call' }, undefined).total).toBe(0);
    expect(proposerReward({ verdict: 'trivial', reason: 'argument' }, undefined).total).toBe(0);
  });

  it('is a half for valid and new, and up to a half more for learnability', () => {
    expect(proposerReward(valid, { solveRate: 0, siblings: 1 }).total).toBe(0.5);
    expect(proposerReward(valid, { solveRate: 1, siblings: 1 }).total).toBe(0.5);
    expect(proposerReward(valid, { solveRate: 0.25, siblings: 1 }).total).toBe(0.875);
  });

  it('is shared by equal siblings, so that repeating one proposal gains nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), (siblings, solved) => {
        const alone = proposerReward(valid, { solveRate: solved / 8, siblings: 1 }).total;
        const each = proposerReward(valid, { solveRate: solved / 8, siblings }).total;
        expect(each * siblings).toBeCloseTo(alone, 12);
      }),
    );
  });

  it('keeps the parts that it was made from', () => {
    expect(proposerReward(valid, { solveRate: 0.25, siblings: 2 }).parts).toEqual({
      valid: 1,
      new: 1,
      siblings: 2,
      learnability: 0.75,
      solveRate: 0.25,
    });
    expect(proposerReward(valid, { solveRate: undefined, siblings: 1 }).parts).not.toHaveProperty(
      'solveRate',
    );
  });
});
