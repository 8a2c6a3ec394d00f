import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vote } from '../../../../protocol/panel.ts';
import { agreement, type Ballot, correlation, effectiveVotes, positionBias, voteOf } from './votes.ts';

const ballot = (aFirst: Vote | null, bFirst: Vote | null): Ballot => ({ aFirst, bFirst });
const votes = (text: string) => [...text].map((vote) => (vote === 'a' || vote === 'b' ? vote : null));

describe('a vote', () => {
  it('counts where both orders give it', () => {
    expect(voteOf(ballot('a', 'a'))).toBe('a');
    expect(voteOf(ballot('b', 'b'))).toBe('b');
    for (const [aFirst, bFirst] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a', null],
      [null, 'b'],
      [null, null],
    ] as const)
      expect(voteOf(ballot(aFirst, bFirst))).toBeNull();
  });

  it('that follows the place shows as bias, and not as a vote', () => {
    const first = ballot('a', 'b');
    expect(positionBias([first, first, ballot('a', 'a'), ballot('b', null)])).toMatchObject({
      readable: { count: 3, of: 4 },
      flipped: { count: 2, of: 3 },
      // Of seven readable answers: the two of each flip, and one of the vote that holds.
      first: { count: 5, of: 7 },
    });
    expect(positionBias([])).toMatchObject({ readable: { of: 0 }, flipped: { of: 0 }, first: { of: 0 } });
  });
});

describe('agreement', () => {
  it('is Cohen’s κ: 20 and 15 equal votes of 50 are 0.4', () => {
    // A known table: both a 20 times, both b 15 times, 5 times a and b, 10 times b and a.
    const one = votes('a'.repeat(20) + 'b'.repeat(15) + 'a'.repeat(5) + 'b'.repeat(10));
    const other = votes('a'.repeat(20) + 'b'.repeat(15) + 'b'.repeat(5) + 'a'.repeat(10));
    const { agreed, kappa } = agreement(one, other);
    expect(agreed).toMatchObject({ count: 35, of: 50 });
    expect(kappa).toBeCloseTo(0.4);
  });

  it('is of what both voted on', () => {
    expect(agreement(votes('ab-a'), votes('a-ab'))).toMatchObject({ agreed: { count: 1, of: 2 } });
    expect(agreement(votes('--'), votes('ab'))).toEqual({ agreed: expect.anything(), kappa: null });
    expect(agreement(votes('aa'), votes('aa')).kappa).toBeNull();
  });

  it('and correlation are 1 with oneself, the same in both directions, and never outside of −1 to 1', () => {
    const some = fc.array(fc.constantFrom<Vote | null>('a', 'b', null), { maxLength: 20 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [both, back] = [agreement(one, other).kappa, agreement(other, one).kappa];
        const [rho, rhoBack] = [correlation(one, other), correlation(other, one)];
        expect(both === null).toBe(back === null);
        for (const [value, reverse] of [
          [both, back],
          [rho, rhoBack],
        ] as const) {
          if (value === null || reverse === null) continue;
          expect(value).toBeCloseTo(reverse);
          expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-9);
        }
        const own = correlation(one, one);
        if (own !== null) expect(own).toBeCloseTo(1);
      }),
    );
  });
});

describe('effective votes', () => {
  it('are fewer than the votes as far as these are correlated: three at 0.6 are worth 1.4', () => {
    expect(effectiveVotes(3, 0)).toBe(3);
    expect(effectiveVotes(3, 1)).toBe(1);
    expect(effectiveVotes(3, 0.6)).toBeCloseTo(1.36, 2);
    expect(effectiveVotes(3, -0.5)).toBe(3);
  });
});
