import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../protocol/task.ts';
import { exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { choices } from '../choices.ts';
import { share } from '../interval.ts';
import { Curriculum } from './curriculum.ts';
import { compositionDepth } from './depth.ts';

const task = (id: string): Task => exampleDeduction({ id });
const rate = (taskId: string, right: number, judged: number) =>
  ({ taskId, kind: 'deduction', right, judged }) as const;

/** How often each task is drawn of a thousand times. */
function drawn(curriculum: Curriculum, ids: readonly string[]): Record<string, number> {
  const chance = choices(5);
  const counts: Record<string, number> = Object.fromEntries(ids.map((id) => [id, 0]));
  const tasks = ids.map(task);
  for (let turn = 0; turn < 1_000; turn += 1) {
    const id = curriculum.draw(tasks, chance)?.id ?? '';
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe('a task is drawn', () => {
  it('half of the time of the frontier, however few tasks are there', () => {
    const many = Array.from({ length: 200 }, (_, index) => `new ${index}`);
    const curriculum = new Curriculum([rate('frontier', 4, 8), rate('easy', 63, 64)]);
    const counts = drawn(curriculum, ['frontier', 'easy', ...many]);
    expect(counts['frontier']).toBeGreaterThan(440);
    expect(counts['frontier']).toBeLessThan(560);
    expect(counts['easy']).toBeGreaterThan(60);
    expect(counts['easy']).toBeLessThan(150);
  });

  it('oftener where little is known of it', () => {
    const curriculum = new Curriculum([rate('once', 4, 8), rate('often', 32, 64)]);
    const counts = drawn(curriculum, ['once', 'often']);
    expect((counts['once'] ?? 0) / (counts['often'] ?? 1)).toBeGreaterThan(3.5);
  });

  it('again where none of eight were right: that is not known to be impossible', () => {
    const counts = drawn(new Curriculum([rate('none of 8', 0, 8)]), ['none of 8', 'new']);
    expect(counts['none of 8']).toBeGreaterThan(250);
    expect(counts['new']).toBeGreaterThan(counts['none of 8'] ?? 0);
  });

  it('from what there is, and from nothing not at all', () => {
    expect(drawn(new Curriculum([rate('hard', 1, 64)]), ['hard'])).toEqual({ hard: 1_000 });
    expect(new Curriculum([]).draw([], choices(1))).toBeUndefined();
  });
});

describe('what is measured', () => {
  it('adds up over groups, and stands for one version of the model', () => {
    const curriculum = new Curriculum([rate('a', 8, 8), rate('b', 0, 8)]);
    curriculum.add(task('a'), { right: 8, judged: 8 });
    curriculum.add(task('b'), { right: 0, judged: 8 });
    expect([task('a'), task('b')].map((one) => curriculum.isDone(one))).toEqual([true, true]);
    expect(curriculum.standing(task('a'))).toBe('solved');
    expect(curriculum.parked()).toEqual(['b']);
    expect(new Curriculum([]).standing(task('a'))).toBe('unknown');
  });

  it('comes back where a parked task is solved after all', () => {
    const curriculum = new Curriculum([rate('a', 0, 16)]);
    curriculum.add(task('a'), { right: 2, judged: 8 });
    expect(curriculum.parked()).toEqual([]);
    expect(curriculum.standing(task('a'))).toBe('unknown');
  });

  it('is asked for easier variants twice', () => {
    const curriculum = new Curriculum([rate('a', 0, 16)]);
    curriculum.askedEasier('a');
    expect(curriculum.parked()).toEqual(['a']);
    curriculum.askedEasier('a');
    expect(curriculum.parked()).toEqual([]);
  });

  it('does not say less of the model where a task is forgotten', () => {
    const curriculum = new Curriculum([rate('a', 8, 8), rate('b', 4, 8)]);
    expect(curriculum.skill('deduction')).toEqual(share(1.5, 2));
    curriculum.add(task('b'), { right: 8, judged: 8 });
    expect(curriculum.skill('deduction')).toEqual(share(1.75, 2));
    curriculum.forget(['a']);
    expect(curriculum.skill('deduction')).toEqual(share(1.75, 2));
    expect(curriculum.standing(task('a'))).toBe('unknown');
    expect(curriculum.skill('abduction').of).toBe(0);
  });
});

it('the depth of compositions grows with skill that is sure', () => {
  const depth = (rates: number, tasks: number) => compositionDepth(share(rates, tasks));
  expect([depth(0, 0), depth(2, 2), depth(30, 100), depth(60, 100), depth(90, 100)]).toEqual([2, 2, 2, 3, 4]);
  expect(depth(300, 300)).toBe(4);
});
