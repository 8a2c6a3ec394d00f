import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agent0Proposer, agent0Weights, toolUse, uncertainty } from './agent0.ts';
import { type Measured, unplayed } from './measured.ts';

const valid = { verdict: 'valid' } as const;
const measured = (change: Partial<Measured>) => ({ ...unplayed(1), ...change });

describe('uncertainty', () => {
  it('is 1 where half of 10 attempts agree, 0 where all or none do', () => {
    expect([0, 0.3, 0.5, 0.8, 1].map((agreed) => Number(uncertainty(agreed).toFixed(12)))).toEqual([
      0, 0.6, 1, 0.4, 0,
    ]);
  });
});

describe('tool use', () => {
  it('grows with calls up to four', () => {
    const weights = { ...agent0Weights, perToolCall: 1 };
    expect([0, 1, 2.6, 4, 9].map((calls) => toolUse(calls, weights))).toEqual([0, 1, 2.6, 4, 4]);
  });
});

describe('the proposer', () => {
  it('is closed by format: what is invalid, not new or trivial earns nothing, whatever else', () => {
    expect(agent0Proposer({ verdict: 'invalid', reason: 'malformed' }, undefined).total).toBe(0);
    expect(agent0Proposer({ verdict: 'not-new', reason: 'same-call' }, undefined).total).toBe(0);
    expect(agent0Proposer({ verdict: 'trivial', reason: 'constant' }, undefined).total).toBe(0);
  });

  it('is twice the released code’s min(p̂, 1 − p̂) − repetition + 0.05 · min(calls, 4), where that is positive', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, fc.integer({ min: 0, max: 8 }), (agreed, repetition, toolCalls) => {
        const code = Math.min(agreed, 1 - agreed) - repetition + 0.05 * Math.min(toolCalls, 4);
        const { total } = agent0Proposer(valid, measured({ agreement: agreed, repetition, toolCalls }));
        expect(total).toBeCloseTo(Math.max(0, 2 * code), 9);
        expect(total).toBeLessThanOrEqual(1.4);
      }),
    );
  });

  it('keeps its parts', () => {
    const of = measured({ agreement: 0.75, repetition: 0.125, toolCalls: 6, solveRate: 0.5 });
    expect(agent0Proposer(valid, of).parts).toEqual({
      format: 1,
      uncertainty: 0.5,
      tool: 4 / 6,
      repetition: 0.125,
      agreement: 0.75,
      solveRate: 0.5,
    });
  });
});
