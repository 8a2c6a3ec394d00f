import type { CellCalibration, StyleCounts, StyleMeasured } from '../../../../protocol/calibration.ts';
import type { Style } from '../../../../protocol/style.ts';
import { share } from '../../selfplay/interval.ts';
import { allStyles, defaultStyle, isTrainable, styleName } from '../../tasks/styles/style.ts';

/** Of the questions that a style is asked in the end, the share that it was asked by the end of each round. */
const roundShares = [1 / 8, 1 / 4, 1 / 2, 1] as const;

export const rounds = roundShares.length;

/** Questions put in each style that is left, by the end of a round. Rounds count from 1. */
export function roundTarget(round: number, samples: number): number {
  return Math.ceil(samples * (roundShares[round - 1] ?? 1));
}

/** A style of which nothing was asked yet. */
export function uncounted(style: Style): StyleCounts {
  return {
    style,
    asked: 0,
    parsed: 0,
    right: 0,
    promptTokens: 0,
    completionTokens: 0,
    skipped: 0,
    unjudged: 0,
    droppedAfter: null,
  };
}

/**
 * What counts come to. Successes per 1,000 tokens is the share of successes, with Wilson's interval, over the mean tokens of a
 * question with its answer: tokens are what a model's time goes into, and theirs are many beside whether an answer was right.
 */
export function measured(counts: StyleCounts): StyleMeasured {
  const { style, asked, right, skipped, promptTokens, completionTokens } = counts;
  const tokens = promptTokens + completionTokens;
  return {
    ...counts,
    name: styleName(style),
    trainable: isTrainable(style),
    succeeded: share(right, asked + skipped),
    perThousandTokens: perThousand(right, counts),
    tokensPerSuccess: right === 0 ? null : tokens / right,
  };
}

function perThousand(
  successes: number,
  { asked, skipped, promptTokens, completionTokens }: StyleCounts,
): { readonly value: number; readonly low: number; readonly high: number } | null {
  if (asked === 0) return null;
  const thousands = (promptTokens + completionTokens) / asked / 1_000;
  const { low, high } = share(successes, asked + skipped);
  return { value: successes / (asked + skipped) / thousands, low: low / thousands, high: high / thousands };
}

/**
 * Successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): the better half of those that are left stays, of styles that
 * can be trained on and of the others each. The default style is beside these, and stays to the end: it is what is compared with.
 */
export function halved(styles: readonly StyleCounts[], round: number): StyleCounts[] {
  const left = styles.filter(({ droppedAfter, style }) => droppedAfter === null && !isDefault(style));
  const dropped = [true, false].flatMap((trainable) => {
    const some = left.filter(({ style }) => isTrainable(style) === trainable);
    return some.sort(better).slice(Math.ceil(some.length / 2));
  });
  return styles.map((each) => (dropped.includes(each) ? { ...each, droppedAfter: round } : each));
}

/** Questions that a style must have been put before it takes the place of the default: one lucky answer is no measurement. */
const leastPut = 8;

/** The style that is chosen for a cell that puts so many samples about so many items, of those that can be trained on: null where none had a success. */
export function chosen(
  styles: readonly StyleCounts[],
  { items, samples }: { readonly items: number; readonly samples: number },
): Pick<CellCalibration, 'chosen' | 'why'> {
  if (items === 0) return { chosen: null, why: 'no-tasks' };
  if (styles.every(({ asked, skipped }) => asked + skipped === 0)) return { chosen: null, why: 'not-asked' };
  const right = styles.filter((each) => isTrainable(each.style) && each.right > 0);
  if (right.length === 0) return { chosen: null, why: 'nothing-right' };
  const isEnough = ({ asked, skipped }: StyleCounts) => asked + skipped >= Math.min(leastPut, samples);
  const [best] = right.filter(isEnough).sort(better);
  return best === undefined ? { chosen: null, why: 'too-few' } : { chosen: best.style, why: 'measured' };
}

/**
 * Orders styles, the better first: by the lower end of successes per 1,000 tokens, so that luck with few questions does not
 * choose; then by that of answers that could be read, without which nothing is right; then the simpler.
 */
export function better(one: StyleCounts, other: StyleCounts): number {
  return (
    low(other.right, other) - low(one.right, one) ||
    low(other.parsed, other) - low(one.parsed, one) ||
    simplicity(one.style) - simplicity(other.style)
  );
}

function low(successes: number, counts: StyleCounts): number {
  // Wilson's lower end of nothing is 0 but for rounding, which must not choose.
  return successes === 0 ? 0 : (perThousand(successes, counts)?.low ?? 0);
}

function isDefault(style: Style): boolean {
  return styleName(style) === styleName(defaultStyle);
}

function simplicity(style: Style): number {
  return allStyles.findIndex((each) => styleName(each) === styleName(style));
}
