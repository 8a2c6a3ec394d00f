import { describe, expect, it } from 'vitest';
import { isRetired, type PatternVersion } from './retirement.ts';

describe('a pattern is retired', () => {
  const history = (...rates: readonly (number | readonly [number, 'untrained'])[]): PatternVersion[] =>
    rates.map((rate, index) => ({
      version: `v${index}`,
      corrected: typeof rate === 'number' ? rate : rate[0],
      trained: typeof rate === 'number',
    }));
  const base = [0.25, 'untrained'] as const;

  it('where its rate did not rise over three versions that trained on it', () => {
    expect(isRetired(history(base, 0.25, 0.1, 0.2))).toBe(true);
    expect(isRetired(history(base, 0, 0, 0, 0, 0))).toBe(true);
  });

  it('not where it rose in one of them', () => {
    expect(isRetired(history(base, 0.25, 0.3, 0.2))).toBe(false);
  });

  it('where it rose long ago only', () => {
    expect(isRetired(history(base, 0.5, 0.5, 0.4, 0.5))).toBe(true);
  });

  it('not before three trained on it, whatever others did', () => {
    expect(isRetired(history(base, 0.25, 0.2))).toBe(false);
    expect(isRetired(history(base, 0.25, base, base, 0.2))).toBe(false);
    expect(isRetired([])).toBe(false);
  });

  it('not where nothing was measured before them', () => {
    expect(isRetired(history(0.2, 0.2, 0.2))).toBe(false);
  });
});
