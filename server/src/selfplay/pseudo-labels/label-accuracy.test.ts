import { describe, expect, it } from 'vitest';
import type { PseudoLabel } from '../../../../protocol/pseudo-label.ts';
import { examplePseudoLabel } from '../../../../test/support/example-pseudo-labels.ts';
import { choices } from '../choices.ts';
import { isTooLow, labelAccuracy, pseudoReport } from './label-accuracy.ts';

const probe = (isRight: boolean | null, digest = 'one'): PseudoLabel =>
  examplePseudoLabel({
    about: { type: 'probe', taskId: '1', isRight },
    model: { name: 'm', digest },
    label: isRight === null ? null : '1',
    noLabel: isRight === null ? 'tie' : null,
  });
const probes = (right: number, wrong: number) => [
  ...Array.from({ length: right }, () => probe(true)),
  ...Array.from({ length: wrong }, () => probe(false)),
];

describe('the accuracy of labels', () => {
  it('is counted on verified tasks that got one', () => {
    const labels = [...probes(3, 1), probe(null), examplePseudoLabel()];
    expect(labelAccuracy(labels)).toMatchObject({ count: 3, of: 4 });
  });

  it('is too low where even the upper end of its interval is, and enough were checked', () => {
    expect(isTooLow(labelAccuracy(probes(0, 7)))).toBe(false);
    expect(isTooLow(labelAccuracy(probes(0, 8)))).toBe(true);
    expect(isTooLow(labelAccuracy(probes(5, 7)))).toBe(false);
    expect(isTooLow(labelAccuracy(probes(20, 40)))).toBe(true);
    expect(isTooLow(labelAccuracy([]))).toBe(false);
  });

  it('stops labels that are mostly wrong soon, and those of the papers hardly ever', () => {
    /** How many of 500 runs of 40 checked labels, right so often, are stopped when looked at after every two. */
    const stopped = (percent: number) => {
      const drawn = choices(percent);
      const run = () => {
        const seen: PseudoLabel[] = [];
        for (let batch = 0; batch < 20; batch += 1) {
          for (const _ of [1, 2]) seen.push(probe(drawn.randomSeed() % 100 < percent));
          if (isTooLow(labelAccuracy(seen))) return true;
        }
        return false;
      };
      return Array.from({ length: 500 }, run).filter((isStopped) => isStopped).length;
    };
    expect(stopped(79)).toBeLessThan(10);
    expect(stopped(30)).toBeGreaterThan(480);
  });

  it('is told of each version of the model apart, so that its fall shows', () => {
    const asked = (change: Partial<PseudoLabel>) =>
      examplePseudoLabel({ model: { name: 'm', digest: 'one' }, ...change });
    const told = pseudoReport([
      asked({}),
      asked({ label: null, noLabel: 'tie' }),
      asked({ label: null, noLabel: 'tie' }),
      ...probes(1, 0),
      ...Array.from({ length: 9 }, () => probe(false, 'two')),
    ]);
    expect(told).toMatchObject([
      {
        model: { digest: 'one' },
        asked: 3,
        labelled: 1,
        noLabel: { tie: 2 },
        accuracy: { count: 1, of: 1 },
        isStopped: false,
      },
      { model: { digest: 'two' }, asked: 0, labelled: 0, accuracy: { count: 0, of: 9 }, isStopped: true },
    ]);
  });
});
