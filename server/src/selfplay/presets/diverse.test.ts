import { expect, it } from 'vitest';
import { type Measured, unplayed } from '../rewards/measured.ts';
import { autodidact } from './autodidact.ts';
import { diverse } from './diverse.ts';

const half: Measured = { ...unplayed(1), solveRate: 0.5, repetition: 0.2, outputShare: 0.6 };

it('adds for an output and a structure that are rare, each a quarter at most', () => {
  const { total, parts } = diverse.proposer({ verdict: 'valid' }, half);
  expect(parts).toMatchObject({ outputDiversity: 0.1, structureDiversity: 0.2 });
  expect(total).toBeCloseTo(autodidact.proposer({ verdict: 'valid' }, half).total + 0.3, 12);
});

it('adds nothing for what teaches nothing, or is no task', () => {
  for (const solveRate of [0, 1]) {
    const told = { ...half, solveRate };
    expect(diverse.proposer({ verdict: 'valid' }, told)).toEqual(
      autodidact.proposer({ verdict: 'valid' }, told),
    );
  }
  const refused = { verdict: 'not-new', reason: 'same-call' } as const;
  expect(diverse.proposer(refused, undefined).total).toBe(0);
});
