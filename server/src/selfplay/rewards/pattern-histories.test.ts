import { describe, expect, it } from 'vitest';
import { PatternHistories } from './pattern-histories.ts';

/** Plays a pattern with versions v0, v1 … of these rates, three groups each. */
function played(rates: readonly number[], streamed = true, groups = 3): PatternHistories {
  const histories = PatternHistories.read(undefined);
  for (const [index, corrected] of rates.entries()) {
    for (let group = 0; group < groups; group += 1) {
      histories.add('p', { version: `v${index}`, corrected, streamed });
    }
  }
  return histories;
}

describe('a pattern over versions of the model', () => {
  it('is retired where three versions that trained on it brought no gain', () => {
    expect(played([0.3, 0.2, 0.3, 0.1]).isRetired('p')).toBe(true);
    expect(played([0.3, 0.2, 0.4, 0.1]).isRetired('p')).toBe(false);
    expect(played([0.3, 0.2, 0.3]).isRetired('p')).toBe(false);
    expect(played([0.3, 0.2, 0.3, 0.1]).isRetired('other')).toBe(false);
  });

  it('is told by mean rates: a version that played it often gained nothing by that', () => {
    const histories = played([0.3, 0.2, 0.3, 0.1]);
    for (let group = 0; group < 20; group += 1)
      histories.add('p', { version: 'v3', corrected: 0.1, streamed: true });
    expect(histories.isRetired('p')).toBe(true);
  });

  it('is kept where nothing was streamed to be trained on, or too few groups were played to say', () => {
    expect(played([0.3, 0.2, 0.3, 0.1], false).isRetired('p')).toBe(false);
    expect(played([0.3, 0.2, 0.3, 0.1], true, 2).isRetired('p')).toBe(false);
  });

  it('is remembered from run to run', () => {
    const again = PatternHistories.read(played([0.3, 0.2, 0.3]).text);
    for (let group = 0; group < 3; group += 1)
      again.add('p', { version: 'v3', corrected: 0.1, streamed: true });
    expect(again.isRetired('p')).toBe(true);
  });

  it.each(['', 'null', '[1]', '{"p": [{"version": 1}]}', '{'])('begins anew with %j', (text) => {
    expect(PatternHistories.read(text).text).toBe('{}');
  });

  it('is forgotten when a thousand others were played since', () => {
    const histories = played([0.3, 0.2, 0.3, 0.1]);
    for (let other = 0; other < 1_000; other += 1) {
      histories.add(`${other}`, { version: 'v', corrected: 0, streamed: true });
    }
    expect(histories.isRetired('p')).toBe(false);
    expect(Object.keys(JSON.parse(histories.text) as object)).toHaveLength(1_000);
  });
});
