import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../../../protocol/seed.ts';
import type { DefinitionPrint } from './definition-print.ts';
import { HeldOut } from './held-out.ts';
import { strictest } from './split-rule.ts';

/** Definitions of few different runs, so that many nearly share theirs. */
const print = fc.uniqueArray(fc.nat(60), { maxLength: 40 }).map((runs): DefinitionPrint => {
  const grams = Uint32Array.from(runs).sort();
  return { shape: grams.join(), grams };
});
const heldOut = fc.array(fc.tuple(print, fc.constantFrom<Split>('gate', 'test')), { maxLength: 30 });

/** By the words of the rule: of each pair the runs that both have, against four fifths of the smaller one's. */
function nearByRule(asked: DefinitionPrint, held: readonly (readonly [DefinitionPrint, Split])[]): Split {
  const near = held.flatMap(([{ shape, grams }, split]): Split[] => {
    const shared = grams.filter((gram) => asked.grams.includes(gram)).length;
    const least = Math.min(grams.length, asked.grams.length);
    return shape === asked.shape || (shared > 0 && shared >= 0.8 * least) ? [split] : [];
  });
  return strictest(near);
}

describe('HeldOut', () => {
  it('finds by few runs what comparing all pairs finds', () => {
    fc.assert(
      fc.property(heldOut, heldOut, fc.array(print, { maxLength: 8 }), (first, more, asked) => {
        const held = new HeldOut();
        for (const [its, split] of first) held.add(its, split);
        for (const each of asked) expect(held.near(each)).toBe(nearByRule(each, first));
        for (const [its, split] of more) held.add(its, split);
        for (const each of asked) expect(held.near(each)).toBe(nearByRule(each, [...first, ...more]));
      }),
      { numRuns: 300 },
    );
  });
});
