import { describe, expect, it } from 'vitest';
import type { PseudoLabel } from '../../../../protocol/pseudo-label.ts';
import { examplePseudoLabel } from '../../../../test/support/example-pseudo-labels.ts';
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
