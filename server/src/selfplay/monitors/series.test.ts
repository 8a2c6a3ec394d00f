import { expect, it } from 'vitest';
import { Series } from './series.ts';

it('gives windows that have nothing in common, and none that is not full', () => {
  const series = new Series<number>(2);
  const seen = Array.from({ length: 11 }, (_, item) => {
    series.add(item);
    const { first, earlier, before, newest } = series.windows;
    return [first, earlier, before, newest].map((window) => window.join('')).join(' ');
  });
  expect(seen.slice(0, 6)).toEqual(['   ', '   01', '   12', '  01 23', '  12 34', '01  23 45']);
  expect(series.windows).toEqual({ first: [0, 1], earlier: [3, 4], before: [7, 8], newest: [9, 10] });
});
