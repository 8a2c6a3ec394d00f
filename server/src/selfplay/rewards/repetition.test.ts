import { describe, expect, it } from 'vitest';
import { Repetition } from './repetition.ts';

describe('repetition', () => {
  it('is the share of what is known with the same structure, or a call with the same output', () => {
    const known = new Repetition();
    known.add({ structure: 'a', pairs: [['(1,)', '2']] });
    known.add({ structure: 'a', pairs: [['(2,)', '4']] });
    known.add({ structure: 'b', pairs: [['(1,)', '2']] });
    known.add({ structure: 'c', pairs: [['(1,)', '3']] });
    expect(known.of({ structure: 'a', pairs: [['(9,)', '9']] })).toBe(0.5);
    expect(known.of({ structure: 'new', pairs: [['(1,)', '2']] })).toBe(0.5);
    expect(known.of({ structure: 'c', pairs: [['(1,)', '4']] })).toBe(0.25);
    expect(known.of({ structure: 'new', pairs: [] })).toBe(0);
    expect(new Repetition().of({ structure: 'a', pairs: [] })).toBe(0);
  });
});
