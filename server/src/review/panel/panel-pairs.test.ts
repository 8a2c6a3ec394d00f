import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../protocol/task.ts';
import { exampleDeduction, exampleInduction } from '../../../../test/support/example-tasks.ts';
import { choices } from '../../selfplay/choices.ts';
import { panelPairs } from './panel-pairs.ts';

const proposed = (id: string, change: Partial<Task & { kind: 'deduction' }> = {}) =>
  exampleDeduction({ id, origin: 'proposed', program: `def f(x):\n    return x + ${id}\n`, ...change });
const message = (id: string, program: string, text = `Says ${id}.`) =>
  exampleInduction({ id, origin: 'proposed', program, message: text });
const ids = (tasks: readonly Task[], subject: 'programs' | 'messages', count = 99) =>
  panelPairs(subject, tasks, count, choices(1)).map(({ a, b }) => [a.taskId, b.taskId].sort());

describe('pairs of programs', () => {
  it('have each text that the model wrote once at most', () => {
    const tasks = Array.from({ length: 9 }, (_, n) => proposed(`${n}`));
    const pairs = ids(tasks, 'programs');
    expect(pairs).toHaveLength(4);
    expect(new Set(pairs.flat()).size).toBe(8);
    expect(ids(tasks, 'programs', 2)).toHaveLength(2);
    expect(ids([], 'programs')).toEqual([]);
  });

  it('are of open tasks to learn from, whose programs no mined task has', () => {
    const mined = exampleDeduction({ id: 'mined', state: 'retired' });
    const { program } = mined;
    expect(
      ids(
        [
          mined,
          proposed('1'),
          proposed('2', { state: 'retired' }),
          proposed('3', { split: 'gate' }),
          proposed('4', { program, entry: mined.entry }),
          message('5', 'def g(x): return x'),
          proposed('6'),
          { ...proposed('7'), program: proposed('6').program, entry: 'f' },
        ],
        'programs',
      ),
    ).toEqual([['1', '7']]);
  });
});

describe('pairs of messages', () => {
  it('are about one program, and of different words', () => {
    const [one, other] = ['def f(x):\n    return x\n', 'def g(x):\n    return x\n'];
    const tasks = [message('1', one), message('2', other), message('3', one), message('4', other, 'Says 2.')];
    expect(ids(tasks, 'messages')).toEqual([['1', '3']]);
    expect(panelPairs('messages', tasks, 9, choices(1))[0]?.program).toBe(one);
  });
});
