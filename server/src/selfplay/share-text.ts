import type { Share } from '../../../protocol/report.ts';
import type { KnownRate } from '../../../protocol/trace.ts';

/** `12 of 96 (7–21 %)`: the count is never hidden behind a percentage. */
export function shareText({ count, of, low, high }: Share): string {
  if (of === 0) return '0 of 0';
  return `${count} of ${of} (${Math.round(100 * low)}–${Math.round(100 * high)} %)`;
}

const knownTexts: Readonly<Record<KnownRate, string>> = {
  untried: 'not tried yet',
  unknown: 'unknown: too few attempts to call it impossible',
  never: 'as good as never solved',
  measured: '',
};

/** A solve rate with its interval, and what it tells where that is not plain. */
export function solveRateText(rate: Share, known: KnownRate): string {
  const tells = knownTexts[known];
  return tells === '' ? shareText(rate) : rate.of === 0 ? tells : `${shareText(rate)}, ${tells}`;
}
