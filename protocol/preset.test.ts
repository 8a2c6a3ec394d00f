import { describe, expect, it } from 'vitest';
import { sampleGroup, sampleRun } from '../test/support/sample-records.ts';
import { Group } from './group.ts';
import { Run } from './run.ts';

describe('records of before there were presets', () => {
  it('are read as those of the default', () => {
    const { preset: _, estimator: __, ...group } = sampleGroup('g');
    expect(Group.parse(group)).toMatchObject({ preset: 'autodidact', estimator: 'leave-one-out' });
    const { preset: ___, estimator: ____, ...run } = sampleRun('r');
    expect(Run.parse(run)).toMatchObject({ preset: 'autodidact', estimator: 'leave-one-out' });
  });

  it('are refused where they name one that does not exist', () => {
    expect(Group.safeParse({ ...sampleGroup('g'), preset: 'other' }).success).toBe(false);
    expect(Run.safeParse({ ...sampleRun('r'), estimator: 'other' }).success).toBe(false);
  });
});
