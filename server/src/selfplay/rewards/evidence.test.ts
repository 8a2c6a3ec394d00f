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
    const evidence = new Evidence();
    for (let index = 0; index < 60; index += 1) {
      const task = proposed(index, { output: `${10 + index}`, trivial: index < 15 ? 'argument' : null });
      evidence.validated(task);
      // What is trivially solved is not archived, and may be proposed again.
      if (task.trivial !== null) evidence.validated(task);
    }
    expect(evidence.chance(exampleDeduction({ output: '99' }))).toBe(0.25);
  });

  it('counts what an earlier process saw trivially solved, for the kind', () => {
    const evidence = new Evidence();
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
    const evidence = new Evidence();
    for (let index = 0; index < 40; index += 1) evidence.validated(flips(index));
    expect(evidence.chance(flips(0))).toBe(0.5);
    const found = Array.from({ length: 10 }, (_, index) => {
      const group = played(index % 2 === 0 ? 3 : 5);
      evidence.played(flips(index), group);
      return evidence.measure(flips(index), group, false).atChance;
    });
    expect(found).toEqual([...Array(7).fill(false), true, true, true]);
  });

  it('does not take what is learnt for chance', () => {
    const evidence = new Evidence();
    for (let index = 0; index < 40; index += 1) evidence.validated(flips(index));
    for (let index = 0; index < 20; index += 1) evidence.played(flips(index), played(6));
    expect(evidence.measure(flips(0), played(6), false)).toMatchObject({ solveRate: 0.75, atChance: false });
  });

  it('measures repetition over everything else that is known, where it is asked for', () => {
    const evidence = new Evidence();
    const twice = 'def f(x):\n    return 2 * x\n';
    evidence.validated(exampleDeduction({ id: 'a', program: twice, call: '(1,)', output: '2' }));
    evidence.validated(exampleDeduction({ id: 'b', program: parity, call: '(1,)', output: "'odd'" }));
    const thrice = proposed(1, { program: 'def g(y):\n    return y * 3\n', call: '(0,)', output: '0' });
    evidence.validated(thrice);
    expect(evidence.measure(thrice, played(4), false).repetition).toBe(0);
    expect(evidence.measure(thrice, played(4), true).repetition).toBe(0.5);
    const other = proposed(2, { program: 'def h(z):\n    return z[0]\n', call: '(9,)', output: '1' });
    evidence.validated(other);
    expect(evidence.measure(other, played(4), true).repetition).toBe(0);
  });
});
