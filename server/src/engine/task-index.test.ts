import { describe, expect, it } from 'vitest';
import { exampleAbduction, exampleAttempts, exampleDeduction } from '../../../test/support/example-tasks.ts';
import { TaskIndex } from './task-index.ts';

const id = (digit: string) => digit.repeat(16);

describe('TaskIndex', () => {
  it('orders files by name and functions by where they stand', () => {
    const index = new TaskIndex();
    index.put([
      exampleDeduction({ id: id('1') }, { file: 'b.py', symbol: 'late', line: 30 }),
      exampleDeduction({ id: id('2') }, { file: 'b.py', symbol: 'early', line: 3 }),
      exampleDeduction({ id: id('3') }, { file: 'a.py' }),
    ]);
    expect(index.files()).toEqual(['a.py', 'b.py']);
    expect(index.functions('b.py').map(({ symbol }) => symbol)).toEqual(['early', 'late']);
    expect(index.functions('none.py')).toEqual([]);
  });

  it('sums what the model did, whether the task or the attempts come first', () => {
    const index = new TaskIndex();
    index.attempted(exampleAttempts(id('1'), 1, 2));
    index.put([exampleDeduction({ id: id('1') })]);
    index.attempted(exampleAttempts(id('1'), 2, 0));
    expect(index.task(id('1'))?.record).toEqual({ right: 3, attempts: 5 });
  });

  it('keeps the record of a task that is put again', () => {
    const index = new TaskIndex();
    index.put([exampleDeduction()]);
    index.attempted(exampleAttempts(exampleDeduction().id, 1, 0));
    index.put([exampleDeduction({}, { line: 9 })]);
    expect(index.task(exampleDeduction().id)).toMatchObject({ line: 9, record: { right: 1, attempts: 1 } });
    expect(index.task(exampleDeduction().id)?.isHeldOut).toBe(false);
    index.put([exampleDeduction({ split: 'test' })]);
    expect(index.task(exampleDeduction().id)?.isHeldOut).toBe(true);
    expect(index.size).toBe(1);
  });

  it('follows a task to another file', () => {
    const index = new TaskIndex();
    index.put([exampleDeduction({}, { file: 'old.py' })]);
    index.put([exampleDeduction({}, { file: 'new.py' })]);
    expect(index.files()).toEqual(['new.py']);
  });

  it('lists stale tasks last and retired ones not at all', () => {
    const index = new TaskIndex();
    const tasks = [
      exampleDeduction({ id: id('1') }),
      exampleAbduction({ id: id('2') }),
      exampleDeduction({ id: id('3') }),
    ];
    index.put(tasks);
    index.setState([id('1')], 'stale');
    index.setState([id('3')], 'retired');
    const { file, symbol } = exampleDeduction().unit;
    expect(index.tasksOf(file, symbol).map((task) => task.id)).toEqual([id('2'), id('1')]);
    index.setState([id('1'), id('2')], 'retired');
    expect(index.files()).toEqual([]);
  });
});
