import { describe, expect, it } from 'vitest';
import {
  exampleAbduction,
  exampleDeduction,
  exampleExplain,
} from '../../../../test/support/example-tasks.ts';
import { gateSample, sampleSize } from './gate-sample.ts';

const ids = (sample: ReturnType<typeof gateSample>) => sample.map(({ task }) => task.id);

describe('the sample of held-out tasks', () => {
  const many = Array.from({ length: 60 }, (_, index) => [
    exampleDeduction({ id: `d${index}`, split: 'gate' }, { unitHash: `u${index % 10}` }),
    ...(index < 5 ? [exampleAbduction({ id: `a${index}`, split: 'gate' })] : []),
  ]).flat();

  it('is of the gate alone, and of kinds that execution judges', () => {
    const others = [
      exampleDeduction({ id: 'train' }),
      exampleDeduction({ id: 'test', split: 'test' }),
      exampleExplain({ id: 'explain', split: 'gate' }),
      exampleDeduction({ id: 'gate', split: 'gate' }),
    ];
    expect(ids(gateSample(others, 1))).toEqual(['gate']);
    expect(gateSample([], 1)).toEqual([]);
  });

  it('holds so many at most, kinds in turns as long as there are any, and as many functions as can be', () => {
    const sample = gateSample(many, 1);
    expect(sample).toHaveLength(sampleSize.most);
    const kinds = sample.map(({ task }) => task.kind);
    expect(kinds.filter((kind) => kind === 'abduction')).toHaveLength(5);
    // What is asked first is stratified, too.
    for (let at = 0; at < 10; at += 2) expect(new Set(kinds.slice(at, at + 2)).size).toBe(2);
    const units = sample
      .filter(({ task }) => task.kind === 'deduction')
      .map(({ task }) => task.unit.unitHash);
    expect(new Set(units.slice(0, 10)).size).toBe(10);
  });

  it('is the same for the same random seed, in whatever order the tasks come, and another for another', () => {
    expect(ids(gateSample(many.toReversed(), 1))).toEqual(ids(gateSample(many, 1)));
    expect(ids(gateSample(many, 2))).not.toEqual(ids(gateSample(many, 1)));
  });
});
