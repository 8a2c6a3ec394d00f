import { expect, it } from 'vitest';
import { share } from '../interval.ts';
import { findingText } from './finding-text.ts';

it('a finding says which monitor, on what, and what is done about it', () => {
  const found = { measured: share(24, 24), threshold: 0.5, detail: '24 of 24 groups are right throughout.' };
  expect(findingText({ monitor: 'too-easy', action: 'prefer-harder', kind: 'deduction', ...found })).toBe(
    'Monitor too-easy (deduction): 24 of 24 groups are right throughout. Longer programs are played for a while.',
  );
  expect(findingText({ monitor: 'reward-without-held-out', action: 'stop', kind: null, ...found })).toBe(
    'Monitor reward-without-held-out: 24 of 24 groups are right throughout. The run ends here.',
  );
});
