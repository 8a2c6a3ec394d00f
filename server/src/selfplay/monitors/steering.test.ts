import { describe, expect, it } from 'vitest';
import { share } from '../interval.ts';
import type { Action, Finding } from './finding.ts';
import { Steering } from './steering.ts';
import { actionGroups } from './watch.ts';

const finding = (action: Action, kind: Finding['kind'] = 'deduction'): Finding => ({
  monitor: 'too-easy',
  action,
  kind,
  measured: share(1, 2),
  threshold: 0.5,
  detail: '',
});

describe('what a finding asks for', () => {
  it('holds for its kind, for a while', () => {
    const steering = new Steering();
    steering.act(finding('prefer-harder'));
    expect(steering.holds('prefer-harder', 'deduction')).toBe(true);
    expect(steering.holds('prefer-harder', 'abduction')).toBe(false);
    expect(steering.holds('prefer-easier', 'deduction')).toBe(false);
    for (let group = 1; group < actionGroups; group += 1) steering.played();
    expect(steering.holds('prefer-harder', 'deduction')).toBe(true);
    steering.played();
    expect(steering.holds('prefer-harder', 'deduction')).toBe(false);
  });

  it('is for good where it is to stop', () => {
    const steering = new Steering();
    expect(steering.stopped).toBeUndefined();
    steering.act(finding('stop', null));
    for (let group = 0; group <= actionGroups; group += 1) steering.played();
    expect(steering.stopped?.action).toBe('stop');
  });
});
