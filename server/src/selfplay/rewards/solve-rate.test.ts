import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../../protocol/judge.ts';
import { agreement } from './agreement.ts';
import { solveRate } from './solve-rate.ts';

const right: Verdict = { verdict: 'right' };
const different: Verdict = { verdict: 'wrong', reason: 'different' };
const broken: Verdict = { verdict: 'unjudgeable', reason: 'sandbox' };

describe('solve rate', () => {
  it('is the mean over what could be judged', () => {
    expect(solveRate([right, different, different, right, broken])).toBe(0.5);
  });

  it('is unknown, not zero, where nothing could be judged', () => {
    expect(solveRate([broken, broken])).toBeUndefined();
  });
});

describe('agreement', () => {
  const wrong = (answer: string | null) => ({ answer, verdict: different });

  it('is the share of the commonest answer, right or wrong', () => {
    expect(agreement([wrong('1'), wrong('1'), wrong('2'), { answer: '3', verdict: right }])).toBe(0.5);
  });

  it('takes right answers for one, whatever their text', () => {
    const answers = ['1, 2', '2, 1', '0, 3'].map((answer) => ({ answer, verdict: right }));
    expect(agreement([...answers, wrong('9')])).toBe(0.75);
  });

  it('lets no text without an answer agree with another', () => {
    expect(agreement([wrong(null), wrong(null), wrong(null), wrong(null)])).toBe(0.25);
    expect(agreement([])).toBeUndefined();
  });
});
