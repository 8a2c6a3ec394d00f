import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autodidactProposer, autodidactSolver } from './autodidact.ts';
import { noDiversity } from './diversity.ts';
import { type Measured, unplayed } from './measured.ts';

const valid = { verdict: 'valid' } as const;
const measured = (change: Partial<Measured>) => ({ ...unplayed(1), ...change });
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe('the solver', () => {
  it('earns 1 for right and nothing for form alone', () => {
    expect(autodidactSolver({ verdict: 'right' })).toEqual({ total: 1, parts: { correct: 1, format: 1 } });
    expect(autodidactSolver({ verdict: 'wrong', reason: 'different' })).toEqual({
      total: 0,
      parts: { correct: 0, format: 1 },
    });
    expect(autodidactSolver({ verdict: 'wrong', reason: 'malformed' })).toEqual({
      total: 0,
      parts: { correct: 0, format: 0 },
    });
  });
});

describe('the proposer', () => {
  it('earns 0 for what is invalid, not new or trivially solved', () => {
    expect(autodidactProposer({ verdict: 'invalid', reason: 'syntax' }, undefined).total).toBe(0);
    expect(autodidactProposer({ verdict: 'not-new', reason: 'same-call' }, undefined).total).toBe(0);
    expect(autodidactProposer({ verdict: 'trivial', reason: 'argument' }, undefined).total).toBe(0);
  });

  it('earns a half for valid and new, and up to a half more for learnability', () => {
    expect(autodidactProposer(valid, measured({ solveRate: 0 })).total).toBe(0.5);
    expect(autodidactProposer(valid, measured({ solveRate: 1 })).total).toBe(0.5);
    expect(autodidactProposer(valid, measured({ solveRate: 0.25 })).total).toBe(0.875);
    expect(autodidactProposer(valid, unplayed(1)).total).toBe(0.5);
  });

  it('earns by the rate above chance, and nothing of a pattern that is at chance', () => {
    expect(autodidactProposer(valid, measured({ solveRate: 0.75, chance: 0.5 })).total).toBe(0.75);
    expect(autodidactProposer(valid, measured({ solveRate: 0.5, chance: 0.5 })).total).toBe(0.5);
    expect(autodidactProposer(valid, measured({ solveRate: 0.75, chance: 0.5, atChance: true })).total).toBe(
      0,
    );
  });

  it('is shared by equal siblings, so that repeating one proposal gains nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), (siblings, right) => {
        const alone = autodidactProposer(valid, measured({ solveRate: right / 8 })).total;
        const each = autodidactProposer(valid, measured({ solveRate: right / 8, siblings })).total;
        expect(each * siblings).toBeCloseTo(alone, 12);
      }),
    );
  });

  it('stays in [0, 1], whatever was measured', () => {
    fc.assert(
      fc.property(
        unit,
        unit,
        fc.boolean(),
        fc.integer({ min: 1, max: 8 }),
        (solveRate, chance, atChance, siblings) => {
          const { total } = autodidactProposer(valid, measured({ solveRate, chance, atChance, siblings }));
          expect(total).toBeGreaterThanOrEqual(0);
          expect(total).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('keeps the parts that it was made from', () => {
    expect(autodidactProposer(valid, measured({ solveRate: 0.75, chance: 0.5, siblings: 2 })).parts).toEqual({
      valid: 1,
      new: 1,
      siblings: 2,
      learnability: 0.5,
      solveRate: 0.75,
      chance: 0.5,
      corrected: 0.5,
      atChance: 0,
    });
    expect(autodidactProposer(valid, unplayed(1)).parts).not.toHaveProperty('solveRate');
  });
});

describe('diversity terms', () => {
  const on = { output: { weight: 1, most: 0.5 }, structure: { weight: 0.25, most: 0.5 } };
  const of = measured({ solveRate: 0.5, outputShare: 0.25, repetition: 0.5 });

  it('are off', () => {
    expect(autodidactProposer(valid, of)).toEqual(autodidactProposer(valid, of, noDiversity));
    expect(autodidactProposer(valid, of).parts).not.toHaveProperty('outputDiversity');
  });

  it('add min(weight · x, most) to what is learnable, and are told as parts', () => {
    const { total, parts } = autodidactProposer(valid, of, on);
    expect(parts).toMatchObject({ outputDiversity: 0.5, structureDiversity: 0.125 });
    expect(total).toBeCloseTo(0.75 + 0.625, 12);
  });

  it('add nothing to what is not', () => {
    expect(autodidactProposer(valid, { ...of, solveRate: 0 }, on).total).toBe(0.5);
  });
});
