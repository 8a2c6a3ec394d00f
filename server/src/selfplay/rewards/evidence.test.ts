import { describe, expect, it } from 'vitest';
import type { SolveGroup } from '../../../../protocol/group.ts';
import type { DeductionTask } from '../../../../protocol/task.ts';
import { exampleAttempts, exampleDeduction } from '../../../../test/support/example-tasks.ts';
import { sampleProposals } from '../../../../test/support/sample-records.ts';
import { Evidence } from './evidence.ts';

const parity = "def f(x):\n    return 'odd' if hash(x) % 2 else 'even'\n";

function proposed(index: number, change: Partial<DeductionTask> = {}): DeductionTask {
  return exampleDeduction({ id: `${index}`, origin: 'proposed', call: `(${index},)`, ...change });
}

const flips = (index: number) =>
  proposed(index, { program: parity, output: index % 2 === 0 ? "'odd'" : "'even'" });

function played(right: number): Pick<SolveGroup, 'taskId' | 'samples'> {
  return exampleAttempts('', right, 8 - right);
}

describe('evidence', () => {
  it('measures c over tasks that a trivial solver gets and others, each once', () => {
    const evidence = new Evidence({ novelty: false });
    for (let index = 0; index < 60; index += 1) {
      const task = proposed(index, { output: `${10 + index}`, trivial: index < 15 ? 'argument' : null });
      evidence.proposed(task);
      // What is trivially solved is not archived, and may be proposed again.
      if (task.trivial !== null) evidence.proposed(task);
    }
    expect(evidence.chance(exampleDeduction({ output: '99' }))).toBe(0.25);
  });

  it('counts what an earlier process saw trivially solved, for the kind', () => {
    const evidence = new Evidence({ novelty: false });
    const group = sampleProposals('g', 't');
    const samples = group.samples.map((sample) => ({
      ...sample,
      verdict: { verdict: 'trivial', reason: 'argument' } as const,
    }));
    evidence.recorded({ ...group, samples });
    evidence.recorded(group);
    expect(evidence.chance(exampleDeduction())).toBe(1);
  });

  it('finds a pattern at chance after eight tasks, whatever single groups say', () => {
    const evidence = new Evidence({ novelty: false });
    const tasks = Array.from({ length: 40 }, (_, index) => flips(index));
    for (const task of tasks) evidence.proposed(task);
    expect(tasks.map((task) => evidence.chance(task))).toEqual(Array(40).fill(0.5));
    const found = tasks.slice(0, 10).map((task, index) => {
      const group = played(index % 2 === 0 ? 3 : 5);
      evidence.played(task, group);
      return evidence.measure(task, group).atChance;
    });
    expect(found).toEqual([...Array(7).fill(false), true, true, true]);
  });

  it('takes what the store has for its type alone: no program is read for it', () => {
    const evidence = new Evidence({ novelty: false });
    for (let index = 0; index < 40; index += 1) evidence.known(flips(index));
    expect(evidence.chance(flips(0))).toBe(0);
    expect(evidence.hasFewValues(flips(0))).toBe(false);
  });

  it('does not take what is learnt for chance', () => {
    const evidence = new Evidence({ novelty: false });
    const tasks = Array.from({ length: 40 }, (_, index) => flips(index));
    for (const task of tasks) evidence.proposed(task);
    for (const task of tasks) evidence.played(task, played(6));
    expect(evidence.measure(tasks[0] ?? flips(0), played(6))).toMatchObject({
      solveRate: 0.75,
      atChance: false,
    });
  });

  it('measures repetition over everything else that is known, where it is asked for', () => {
    const twice = 'def f(x):\n    return 2 * x\n';
    const thrice = proposed(1, { program: 'def g(y):\n    return y * 3\n', call: '(0,)', output: '0' });
    const first = proposed(2, { program: 'def h(z):\n    return z[0]\n', call: '(9,)', output: '1' });
    const repetitions = (novelty: boolean) => {
      const evidence = new Evidence({ novelty });
      evidence.known(exampleDeduction({ id: 'a', program: twice, call: '(1,)', output: '2' }));
      evidence.known(exampleDeduction({ id: 'b', program: parity, call: '(1,)', output: "'odd'" }));
      return [thrice, first].map((task) => {
        evidence.proposed(task);
        return evidence.measure(task, played(4)).repetition;
      });
    };
    expect(repetitions(true)).toEqual([0.5, 0]);
    expect(repetitions(false)).toEqual([0, 0]);
  });
});
