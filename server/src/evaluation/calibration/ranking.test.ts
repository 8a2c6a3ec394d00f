import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StyleCounts } from '../../../../protocol/calibration.ts';
import { allStyles, defaultStyle, isTrainable, styleName } from '../../tasks/styles/style.ts';
import { better, chosen, halved, measured, rounds, roundTarget, uncounted } from './ranking.ts';

function styleNamed(name: string) {
  const style = allStyles.find((each) => styleName(each) === name);
  if (style === undefined) throw new RangeError(name);
  return style;
}

/** Counts of a style, each answer with 100 tokens in all unless said otherwise. */
function counts(name: string, asked: number, right: number, change: Partial<StyleCounts> = {}): StyleCounts {
  const tokens = { promptTokens: 80 * asked, completionTokens: 20 * asked };
  return { ...uncounted(styleNamed(name)), asked, parsed: right, right, ...tokens, ...change };
}

const of4 = { items: 4, samples: 16 };

const anyCounts = fc
  .record({
    style: fc.constantFrom(...allStyles),
    asked: fc.nat(40),
    skipped: fc.nat(5),
    unjudged: fc.nat(3),
    parsedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    rightShare: fc.double({ min: 0, max: 1, noNaN: true }),
    tokens: fc.integer({ min: 1, max: 900 }),
  })
  .map(({ style, asked, skipped, unjudged, parsedShare, rightShare, tokens }): StyleCounts => {
    const parsed = Math.floor(asked * parsedShare);
    const right = Math.floor(parsed * rightShare);
    const spent = { promptTokens: tokens * asked, completionTokens: asked };
    return { ...uncounted(style), asked, parsed, right, skipped, unjudged, ...spent };
  });

describe('what counts come to', () => {
  it('is the share of successes over the thousands of tokens of a question', () => {
    // 8 of 32, 100 tokens each: 0.25 in 0.1 thousand. Wilson's interval of 8 of 32 is 13.3 to 42.1 %.
    const found = measured(counts('session-3', 32, 8));
    expect(found.perThousandTokens?.value).toBeCloseTo(2.5);
    expect(found.perThousandTokens?.low).toBeCloseTo(1.325, 2);
    expect(found.perThousandTokens?.high).toBeCloseTo(4.211, 2);
    expect(found.tokensPerSuccess).toBe(400);
  });

  it('counts a question that is too long for a style as one that it does not answer', () => {
    const { succeeded, perThousandTokens } = measured(counts('chat-3', 16, 8, { skipped: 16 }));
    expect(succeeded).toMatchObject({ count: 8, of: 32 });
    expect(perThousandTokens?.value).toBeCloseTo(2.5);
  });

  it('is nothing of nothing', () => {
    expect(measured(counts('chat-0', 0, 0))).toMatchObject({
      perThousandTokens: null,
      tokensPerSuccess: null,
    });
  });
});

describe('the style that is chosen', () => {
  it('succeeds most surely for its tokens', () => {
    const session = counts('session-3', 32, 8);
    // Right twice as often, with three times as many tokens.
    const reasoning = counts('chat-reasons-3', 32, 16, { promptTokens: 320 * 32, completionTokens: 0 });
    expect(chosen([reasoning, session], of4)).toEqual({ chosen: session.style, why: 'measured' });
    // Luck with two questions is no measurement.
    expect(chosen([counts('chat-0', 2, 1), session], of4).chosen).toEqual(session.style);
    expect(chosen([counts('chat-0', 32, 20), session], of4).chosen).toEqual(styleNamed('chat-0'));
  });

  it('is the simpler of equals', () => {
    const names = ['chat-reasons-0', 'chat-0', 'completion-0', 'session-3', 'session-1'];
    for (const from of names.keys()) {
      const rest = names.slice(from).map((name) => counts(name, 32, 8));
      expect(styleName(chosen(rest, of4).chosen ?? defaultStyle)).toBe(
        names.slice(from).sort(bySimplicity)[0],
      );
    }
  });

  it('is never one that cannot be trained on', () => {
    expect(chosen([counts('schema-1', 32, 32), counts('chat-1', 32, 1)], of4).chosen).toEqual(
      styleNamed('chat-1'),
    );
    expect(chosen([counts('schema-1', 32, 32), counts('chat-1', 32, 0)], of4)).toEqual({
      chosen: null,
      why: 'nothing-right',
    });
  });

  it('is none where nothing speaks for any', () => {
    expect(chosen(allStyles.map(uncounted), { items: 0, samples: 16 })).toEqual({
      chosen: null,
      why: 'no-tasks',
    });
    expect(chosen(allStyles.map(uncounted), of4)).toEqual({ chosen: null, why: 'not-asked' });
    expect(chosen([counts('session-0', 32, 0, { parsed: 32 })], of4)).toEqual({
      chosen: null,
      why: 'nothing-right',
    });
  });

  it('has been put eight questions, or all that there are: before, nothing is chosen', () => {
    const lucky = counts('session-0', 7, 7);
    expect(chosen([lucky], of4)).toEqual({ chosen: null, why: 'too-few' });
    expect(chosen([{ ...lucky, skipped: 1 }], of4).chosen).toEqual(lucky.style);
    expect(chosen([lucky], { items: 4, samples: 7 }).chosen).toEqual(lucky.style);
    expect(chosen([lucky, counts('session-3', 8, 1)], of4).chosen).toEqual(defaultStyle);
  });

  it('does not depend on the order', () => {
    const distinct = fc.uniqueArray(anyCounts, { selector: ({ style }) => styleName(style), maxLength: 18 });
    fc.assert(
      fc.property(distinct, (styles) => {
        expect(chosen([...styles].reverse(), of4)).toEqual(chosen(styles, of4));
      }),
    );
  });
});

describe('halving', () => {
  it('leaves two styles that can be trained on for the last round, one other, and the default', () => {
    let styles = allStyles.map((style, index) => counts(styleName(style), 16, index % 16));
    const left: number[] = [];
    for (let round = 1; round < rounds; round += 1) {
      styles = halved(styles, round);
      left.push(styles.filter(({ droppedAfter }) => droppedAfter === null).length);
    }
    // Of 14 and 3: 7 and 2, 4 and 1, 2 and 1, and the default.
    expect(left).toEqual([10, 6, 4]);
    expect(styles.find(({ style }) => styleName(style) === 'session-3')?.droppedAfter).toBeNull();
  });

  it('drops none that is better than one that stays, but for the default', () => {
    const distinct = fc.uniqueArray(anyCounts, { selector: ({ style }) => styleName(style), maxLength: 18 });
    fc.assert(
      fc.property(distinct, (styles) => {
        const after = halved(styles, 1);
        const isDefault = ({ style }: StyleCounts) => styleName(style) === styleName(defaultStyle);
        expect(after.filter(isDefault).every(({ droppedAfter }) => droppedAfter === null)).toBe(true);
        for (const trainable of [true, false]) {
          const some = after.filter((each) => isTrainable(each.style) === trainable && !isDefault(each));
          for (const dropped of some.filter(({ droppedAfter }) => droppedAfter !== null))
            for (const kept of some.filter(({ droppedAfter }) => droppedAfter === null))
              expect(better(kept, dropped)).toBeLessThanOrEqual(0);
        }
        expect(after.some(({ droppedAfter }) => droppedAfter === null)).toBe(styles.length > 0);
      }),
    );
  });

  it('goes by what can be read where nothing is right yet', () => {
    const [read, unread] = [counts('chat-3', 4, 0, { parsed: 4 }), counts('session-0', 4, 0)];
    expect(halved([unread, read], 1).map(({ droppedAfter }) => droppedAfter)).toEqual([1, null]);
  });

  it('asks more of fewer', () => {
    expect([1, 2, 3, 4].map((round) => roundTarget(round, 16))).toEqual([2, 4, 8, 16]);
    expect([1, 2, 3, 4].map((round) => roundTarget(round, 1))).toEqual([1, 1, 1, 1]);
  });
});

function bySimplicity(one: string, other: string): number {
  const names = allStyles.map(styleName);
  return names.indexOf(one) - names.indexOf(other);
}
