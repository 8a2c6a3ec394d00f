import { describe, expect, it } from 'vitest';
import type { Task } from '../../../protocol/task.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { choices } from './choices.ts';
import { Curriculum } from './curriculum/curriculum.ts';
import { share } from './interval.ts';
import type { Action } from './monitors/finding.ts';
import { Steering } from './monitors/steering.ts';
import { Evidence } from './rewards/evidence.ts';
import { TaskChoice } from './task-choice.ts';

let made = 0;
const task = (change: Parameters<typeof exampleDeduction>[0] = {}): Task =>
  exampleDeduction({ id: `${made++}`, ...change });

function choosing(limitsFewValued: boolean, ...actions: readonly Action[]) {
  const steering = new Steering();
  for (const action of actions) {
    steering.act({
      monitor: 'guessing',
      action,
      kind: 'deduction',
      measured: share(0, 0),
      threshold: 0,
      detail: '',
    });
  }
  return new TaskChoice({
    evidence: new Evidence({ novelty: false }),
    steering,
    choices: choices(7),
    limitsFewValued,
    isRetired: ({ entry }) => entry === 'retired',
  });
}

/** Outputs of the tasks that are chosen one after another, each as often as another. */
function chosen(choice: TaskChoice, open: readonly Task[], count: number): Task[] {
  const times = new Map<Task, number>();
  return Array.from({ length: count }, () => {
    const next = choice.choose(open, (one) => times.get(one) ?? 0);
    if (next === undefined) throw new TypeError('Nothing was chosen.');
    times.set(next, (times.get(next) ?? 0) + 1);
    choice.played(next);
    return next;
  });
}

const isFlag = (one: Task) => one.kind === 'deduction' && one.output === 'True';

describe('the next task', () => {
  it('is one that was played least, trivially solved ones last', () => {
    const open = [task(), task(), task({ trivial: 'argument' })];
    const order = chosen(choosing(false), open, 6).map(({ id }) => id);
    expect(new Set(order.slice(0, 2))).toEqual(new Set([open[0]?.id, open[1]?.id]));
    expect(order).not.toContain(open[2]?.id);
    expect(chosen(choosing(false), open.slice(2), 1)).toEqual([open[2]]);
    expect(choosing(false).choose([], () => 0)).toBeUndefined();
  });

  it('has few possible outputs in a quarter of a batch at most, where the preset says so', () => {
    const open = [
      ...Array.from({ length: 30 }, () => task({ output: 'True' })),
      ...Array.from({ length: 30 }, () => task()),
    ];
    const order = chosen(choosing(true), open, 48).map(isFlag);
    for (let begin = 0; begin + 16 <= order.length; begin += 1) {
      expect(order.slice(begin, begin + 16).filter((isFew) => isFew).length).toBeLessThanOrEqual(4);
    }
    expect(order.filter((isFew) => isFew).length).toBeGreaterThan(4);
    expect(chosen(choosing(false), open, 48).filter(isFlag).length).toBeGreaterThan(16);
  });

  it('is of no retired pattern while there is another', () => {
    const retired = Array.from({ length: 5 }, () => task({ entry: 'retired' }));
    const other = task();
    expect(chosen(choosing(false), [...retired, other], 6)).toEqual(Array(6).fill(other));
    expect(chosen(choosing(false), retired, 6)).toHaveLength(6);
    expect(choosing(false).measured([...retired, other], 8)).toEqual([other]);
  });

  it('is played all the same where all have few', () => {
    const open = [task({ output: 'True' })];
    expect(chosen(choosing(true), open, 20)).toHaveLength(20);
  });

  it.each<[Action, (one: Task) => boolean]>([
    ['prefer-easier', ({ program }) => program.length < 60],
    ['prefer-harder', ({ program }) => program.length > 60],
    ['avoid-guessable', (one) => !isFlag(one)],
  ])('is one that %s asks for', (action, isWanted) => {
    const long = `def f(x):\n    ${'x = x + 1\n    '.repeat(9)}return x\n`;
    const open = [
      task(),
      task({ program: long }),
      task({ output: 'True' }),
      task({ program: long, output: 'True' }),
    ];
    expect(chosen(choosing(false, action), open, 2).every(isWanted)).toBe(true);
  });
});

describe('with a curriculum', () => {
  const rate = (taskId: string, right: number) => ({ taskId, kind: 'deduction', right, judged: 16 }) as const;
  const curriculum = new Curriculum([rate('solved', 16), rate('parked', 0), rate('frontier', 8)]);
  const withCurriculum = new TaskChoice({
    evidence: new Evidence({ novelty: false }),
    steering: new Steering(),
    choices: choices(7),
    limitsFewValued: false,
    curriculum,
    isRetired: () => false,
  });

  it('the next task is none that is always or never solved, while there is another', () => {
    const [solved, parked] = [task({ id: 'solved' }), task({ id: 'parked' })];
    const open = [solved, parked, task({ id: 'frontier' }), task({ id: 'new' })];
    const ids = new Set(chosen(withCurriculum, open, 200).map(({ id }) => id));
    expect(ids).toEqual(new Set(['frontier', 'new']));
    expect(new Set(chosen(withCurriculum, [solved, parked], 200))).toEqual(new Set([solved, parked]));
  });
});

describe('of a group’s new tasks', () => {
  it('a quarter at most of those that are played at once have few possible outputs', () => {
    const tasks = [...Array.from({ length: 6 }, () => task({ output: 'True' })), task(), task()];
    expect(choosing(true).measured(tasks, 8).map(isFlag)).toEqual([true, true, false, false]);
    expect(choosing(false).measured(tasks, 8)).toEqual(tasks);
  });
});
