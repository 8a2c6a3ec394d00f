import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Standing, standing } from './standing.ts';

describe('how a task stands', () => {
  it.each<[number, number, Standing]>([
    [0, 0, 'unknown'],
    [0, 8, 'unknown'],
    [0, 15, 'unknown'],
    [0, 16, 'parked'],
    [1, 8, 'unknown'],
    [2, 8, 'frontier'],
    [4, 8, 'frontier'],
    [6, 8, 'frontier'],
    [7, 8, 'unknown'],
    [8, 8, 'unknown'],
    [16, 16, 'solved'],
    [63, 64, 'easy'],
    [1, 64, 'hard'],
  ])('%d of %d: %s', (right, judged, expected) => {
    expect(standing({ right, judged })).toBe(expected);
  });

  it('is decided one way only where 16 attempts or more say so', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.nat(15), (a, b) => {
        const its = standing({ right: Math.min(a, b), judged: Math.max(a, b) });
        expect(['unknown', 'frontier']).toContain(its);
      }),
    );
  });

  it('is the same seen from the other end', () => {
    const mirror: Partial<Record<Standing, Standing>> = {
      easy: 'hard',
      hard: 'easy',
      solved: 'parked',
      parked: 'solved',
    };
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (right, wrong) => {
        const its = standing({ right, judged: right + wrong });
        expect(standing({ right: wrong, judged: right + wrong })).toBe(mirror[its] ?? its);
      }),
    );
  });
});
