import { describe, expect, it } from 'vitest';
import { share } from './interval.ts';

describe('share', () => {
  it('has the Wilson interval of the textbook', () => {
    // Newcombe 1998, table I: 81 of 263 and 15 of 148.
    expect(share(81, 263)).toMatchObject({ low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) });
    expect(share(15, 148)).toMatchObject({ low: expect.closeTo(0.0624, 4), high: expect.closeTo(0.1605, 4) });
  });

  it('says something at 0 of N and nothing at 0 of 0', () => {
    expect(share(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(share(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 });
  });
});
