import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { sampleTask } from '../../../test/support/sample-records.ts';
import { share } from '../selfplay/interval.ts';
import { knownRate } from '../selfplay/known-rate.ts';
import { reviewedShare, reviewQueue, type TriedTask, uncertainty } from './queue.ts';

const nobody: ReadonlySet<string> = new Set();

/** A task that was right so often of eight; `other`: so many wrong answers agree. */
function tried(id: string, right: number, of = 8, other = 0, changed: Partial<Task> = {}): TriedTask {
  const task = { ...sampleTask(id), ...changed } as Task;
  if (other === 0) return { task, right, of };
  return { task, right, of, otherAnswer: { verdict: 'wrong', answer: '5', count: other } };
}

/** So many tasks of one function about which nothing is in question: always solved. */
const easy = (count: number) => Array.from({ length: count }, (_, n) => tried(`easy${n}`, 8));

const about = (symbol: string) => ({ unit: { ...sampleTask('').unit, symbol } });

const told = (tasks: readonly TriedTask[], decided = nobody) =>
  reviewQueue(tasks, decided).map(({ task, why }) => `${task.id} ${why.reason}`);

describe('the queue', () => {
  it('puts forward what is disputed, uncertain or new, in turns, and nothing else', () => {
    const tasks = [
      ...easy(90),
      tried('half', 4),
      tried('third', 3),
      tried('agreed', 0, 8, 7),
      tried('scattered', 8, 8, 0),
      tried('new', 8, 8, 0, about('other')),
    ];
    expect(told(tasks)).toEqual(['agreed disputed', 'half uncertain', 'new new', 'third uncertain']);
  });

  it('holds a share of the tasks, less those that were decided on', () => {
    const uncertain = Array.from({ length: 100 }, (_, n) => tried(`t${n}`, 4));
    expect(reviewQueue(uncertain, nobody)).toHaveLength(Math.ceil(100 * reviewedShare));
    expect(reviewQueue(uncertain, new Set(['t1', 't2']))).toHaveLength(4);
    expect(reviewQueue(uncertain, new Set(uncertain.slice(0, 6).map(({ task }) => task.id)))).toEqual([]);
    expect(reviewQueue([tried('only', 4)], nobody)).toHaveLength(1);
    expect(reviewQueue([], nobody)).toEqual([]);
  });

  it('asks nothing about what is held out, not played, decided on or written by a person', () => {
    const tasks = [
      tried('gate', 4, 8, 0, { split: 'gate' }),
      tried('stale', 4, 8, 0, { state: 'stale' }),
      tried('retired', 4, 8, 0, { state: 'retired' }),
      tried('reviewed', 4, 8, 0, { origin: 'reviewed' }),
      tried('decided', 4),
      ...easy(40),
    ];
    expect(told(tasks, new Set(['decided']))).toEqual([]);
  });

  it('takes attempts as agreeing on another answer only where half of them do, three at least, more than were right', () => {
    const disputed = (...[right, of, other]: readonly [number, number, number]) =>
      told([tried('t', right, of, other), ...easy(40)]).includes('t disputed');
    expect(disputed(0, 8, 4)).toBe(true);
    expect(disputed(0, 8, 3)).toBe(false);
    expect(disputed(0, 2, 2)).toBe(false);
    expect(disputed(4, 8, 4)).toBe(false);
    expect(disputed(3, 8, 5)).toBe(true);
  });

  it('takes a function as new while it has few tasks, none of them reviewed, and asks about one of them', () => {
    const three = ['a', 'b', 'c'].map((id) => tried(id, 8, 8, 0, about('fresh')));
    expect(told([...three, ...easy(60)])).toEqual(['a new']);
    expect(told([...three, ...easy(60)], new Set(['b']))).toEqual([]);
    expect(told([...three, tried('d', 8, 8, 0, about('fresh')), ...easy(60)])).toEqual([]);
  });

  it('is the same for the same tasks in any order', () => {
    const some = fc.array(
      fc.record({ right: fc.integer({ min: 0, max: 8 }), other: fc.integer({ min: 0, max: 8 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(some, (rates) => {
        const tasks = rates.map(({ right, other }, n) =>
          tried(`t${n}`, right, 8, Math.min(other, 8 - right)),
        );
        expect(told(tasks.toReversed())).toEqual(told(tasks));
      }),
    );
  });
});

describe('how uncertain a solve rate is', () => {
  const of = (right: number, attempts: number) => uncertainty(share(right, attempts));

  it('grows towards one half, and shrinks with attempts', () => {
    expect(of(4, 8)).toBeGreaterThan(of(3, 8));
    expect(of(4, 8)).toBeGreaterThan(of(8, 16));
    expect(of(1, 80)).toBe(0);
    expect(of(8, 8)).toBe(0);
    expect(of(0, 0)).toBe(0);
  });

  it('of 0 of 8 is unknown, not impossible: behind what was ever solved, before what is known', () => {
    expect(knownRate(share(0, 8))).toBe('unknown');
    expect(of(0, 8)).toBeGreaterThan(0);
    expect(of(0, 8)).toBeLessThan(of(2, 8));
    expect(of(0, 1)).toBeLessThan(of(4, 8));
    expect(knownRate(share(0, 80))).toBe('never');
    expect(of(0, 80)).toBe(0);
    expect(knownRate(share(0, 0))).toBe('untried');
    expect(knownRate(share(1, 8))).toBe('measured');
  });
});
