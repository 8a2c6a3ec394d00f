import { describe, expect, it } from 'vitest';
import { Preempted, PriorityGate } from './priority-gate.ts';

const never = new AbortController().signal;

/** Work that goes on until its signal fires. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('a gate', () => {
  it('ends running batch work when a person asks, and keeps new work waiting until the last person is done', async () => {
    const gate = new PriorityGate('here');
    const order: string[] = [];
    const running = gate.batch(untilAborted, never).catch((error: unknown) => {
      order.push('preempted');
      return error;
    });
    await Promise.resolve();
    expect(gate.batchRunning).toBe(1);
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const;
    const people = answers.map(({ promise }, index) =>
      gate.person(() => promise).then(() => order.push(`person ${index}`)),
    );
    const waiting = gate.batch(() => Promise.resolve(order.push('batch')), never);
    expect(await running).toBeInstanceOf(Preempted);
    answers[0].resolve('');
    await people[0];
    expect(order).toEqual(['preempted', 'person 0']);
    answers[1].resolve('');
    await waiting;
    expect(order).toEqual(['preempted', 'person 0', 'person 1', 'batch']);
  });

  it('lets batch work go on after a person whose request failed', async () => {
    const gate = new PriorityGate('here');
    await expect(gate.person(() => Promise.reject(new RangeError('gone')))).rejects.toThrow('gone');
    expect(await gate.batch(() => Promise.resolve(1), never)).toBe(1);
  });

  it('passes on what batch work fails with by itself, and a stop as a stop', async () => {
    const gate = new PriorityGate('here');
    await expect(gate.batch(() => Promise.reject(new RangeError('own')), never)).rejects.toThrow('own');
    const stop = new AbortController();
    const running = gate.batch(untilAborted, stop.signal);
    const person = gate.person(() => Promise.resolve());
    stop.abort(new RangeError('stopped'));
    await expect(running).rejects.toThrow('stopped');
    await person;
    const waits = new PriorityGate('there');
    const asking = Promise.withResolvers<void>();
    const talk = waits.person(() => asking.promise);
    const other = new AbortController();
    const batch = waits.batch(() => Promise.resolve(), other.signal);
    other.abort(new RangeError('stopped waiting'));
    await expect(batch).rejects.toThrow('stopped waiting');
    asking.resolve();
    await talk;
  });
});
