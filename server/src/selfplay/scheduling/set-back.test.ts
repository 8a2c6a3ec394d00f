import { describe, expect, it } from 'vitest';
import { SetBack } from './set-back.ts';

describe('a task whose group failed', () => {
  it('waits for eight groups, twice as many with each failure, and at most 512', () => {
    const setBack = new SetBack();
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure += 1) {
      setBack.failed('task', 100);
      waits.push([...Array(600).keys()].filter((groups) => setBack.isWaiting('task', 100 + groups)).length);
    }
    expect(waits).toEqual([8, 16, 32, 64, 128, 256, 512, 512, 512]);
    expect(setBack.isWaiting('other', 100)).toBe(false);
  });

  it('begins anew once one of its groups was recorded', () => {
    const setBack = new SetBack();
    setBack.failed('task', 0);
    setBack.failed('task', 0);
    setBack.forget('task');
    expect(setBack.isWaiting('task', 0)).toBe(false);
    setBack.failed('task', 0);
    expect(setBack.isWaiting('task', 8)).toBe(false);
  });
});
