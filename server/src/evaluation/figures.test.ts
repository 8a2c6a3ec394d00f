import { describe, expect, it } from 'vitest';
import type { EvaluatedAnswer, EvaluatedTask } from '../../../protocol/evaluation.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { comparison } from './comparison.ts';
import { figures } from './figures.ts';

const right: Verdict = { verdict: 'right' };
const different: Verdict = { verdict: 'wrong', reason: 'different' };
const malformed: Verdict = { verdict: 'wrong', reason: 'malformed' };
const cut: Verdict = { verdict: 'wrong', reason: 'cut' };

function answer(verdict: Verdict): EvaluatedAnswer {
  const common = { randomSeed: 0, text: '', answer: null, promptTokens: 1, completionTokens: 1, modelMs: 1 };
  return { ...common, finish: 'delimiter', verdict };
}

function asked(
  id: string,
  greedy: Verdict,
  samples: readonly Verdict[],
  change: Partial<EvaluatedTask> & { readonly unitHash?: string } = {},
): EvaluatedTask {
  const { unitHash = id, ...changed } = change;
  const task = exampleDeduction({ id }, { unitHash });
  return {
    taskId: id,
    kind: 'deduction',
    unit: task.unit,
    repository: 'a',
    trivial: null,
    model: { name: 'm', digest: 'd' },
    backend: task.backend,
    relation: 'sameValue',
    promptVersion: 'deduction-1',
    prompt: '',
    greedy: answer(greedy),
    samples: samples.map(answer),
    ...changed,
  };
}

const four = [
  asked('1', right, [right, right]),
  asked('2', different, [right, malformed], { trivial: 'argument' }),
  asked('3', malformed, [different, cut], { kind: 'abduction', repository: 'b', unitHash: '2' }),
  asked('4', cut, [malformed, malformed]),
];

describe('figures', () => {
  const of = (found: ReturnType<typeof figures>, part: 'all' | 'hard', about: string | null = null) =>
    found.find((each) => each.part === part && (each.kind ?? each.repository) === about);

  it('are shares of tasks and of samples, as what parses times what is right of it', () => {
    const all = of(figures(four, 2, 1), 'all');
    expect(all).toMatchObject({
      tasks: 4,
      units: 3,
      greedy: { parses: { value: 2 / 4 }, rightGivenParses: { value: 1 / 2 }, right: { value: 1 / 4 } },
      sampled: { parses: { value: 4 / 8 }, rightGivenParses: { value: 3 / 4 }, right: { value: 3 / 8 } },
      passAtK: [{ value: 3 / 8 }, { value: 2 / 4 }],
      trivial: { value: 1 / 4 },
    });
  });

  it('are there for each kind, each repository of several, and the part that no trivial solver gets', () => {
    const found = figures(four, 2, 1);
    expect(of(found, 'hard')).toMatchObject({
      tasks: 3,
      sampled: { right: { value: 2 / 6 } },
      trivial: { value: 0 },
    });
    expect(of(found, 'all', 'abduction')).toMatchObject({
      tasks: 1,
      greedy: { parses: { value: 0 }, rightGivenParses: null },
    });
    expect(of(found, 'all', 'b')).toMatchObject({ tasks: 1 });
    expect(of(found, 'all', 'induction')).toBeUndefined();
    expect(figures(four.slice(0, 2), 2, 1).some(({ repository }) => repository !== null)).toBe(false);
  });

  it('have intervals that hold them, also where nobody was right', () => {
    for (const { greedy, sampled, passAtK } of figures(four, 2, 1)) {
      for (const estimate of [greedy.right, greedy.parses, sampled?.right ?? null, ...passAtK]) {
        if (estimate === null) continue;
        expect(estimate.low).toBeLessThanOrEqual(estimate.value);
        expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
        expect(estimate.high).toBeGreaterThan(estimate.low);
      }
    }
    const none = figures(
      Array.from({ length: 8 }, (_, index) => asked(`${index}`, different, [])),
      0,
      1,
    );
    expect(none[0]?.greedy.right).toMatchObject({ value: 0, low: 0 });
    // Of 0 of 8 Wilson says up to 32 %.
    expect(none[0]?.greedy.right?.high).toBeCloseTo(0.324, 2);
    expect(none[0]).toMatchObject({ sampled: null, passAtK: [] });
  });

  it('take tasks of one unit for one observation', () => {
    const width = (unitOf: (index: number) => string) => {
      const tasks = Array.from({ length: 40 }, (_, index) =>
        asked(`${index}`, index % 20 < 10 ? right : different, [], { unitHash: unitOf(index) }),
      );
      const estimate = figures(tasks, 0, 1)[0]?.greedy.right;
      return (estimate?.high ?? 0) - (estimate?.low ?? 0);
    };
    expect(width((index) => `${index % 4}`)).toBeGreaterThan(0);
    // Twenty units whose two tasks end alike tell less than forty of one task each.
    expect(width((index) => `${index % 20}`)).toBeGreaterThan(1.2 * width((index) => `${index}`));
  });

  it('are the same for the same random seed, and none of nothing', () => {
    expect(figures(four, 2, 7)).toEqual(figures(four, 2, 7));
    expect(figures([], 2, 1)).toEqual([]);
  });
});

describe('a comparison', () => {
  const ten = (greedy: (index: number) => Verdict) =>
    Array.from({ length: 10 }, (_, index) => asked(`${index}`, greedy(index), [greedy(index), different]));

  it('counts on which tasks only one was right, of those that both were asked', () => {
    const first = ten((index) => (index === 0 ? right : different));
    const second = [
      ...ten((index) => (index === 0 ? different : right)),
      asked('more', right, [right, right]),
    ];
    const [all] = comparison(first, second, 2, 1);
    expect(all).toMatchObject({
      tasks: 10,
      greedy: { onlyFirst: 1, onlySecond: 9, difference: { value: 0.8 } },
      sampled: { difference: { value: 0.4 } },
    });
    expect(all?.greedy.p).toBeCloseTo(22 / 1024, 9);
    expect(all?.sampled?.p).toBeLessThan(0.05);
    expect(all?.greedy.difference?.low).toBeGreaterThan(0);
  });

  it('of a model with itself finds nothing, and does not call that certain', () => {
    const same = ten((index) => (index < 5 ? right : different));
    const [all] = comparison(same, same, 2, 1);
    expect(all).toMatchObject({ greedy: { onlyFirst: 0, onlySecond: 0, p: 1 }, sampled: { p: 1 } });
    expect(all?.greedy.difference?.low).toBeLessThan(-0.2);
    expect(all?.greedy.difference?.high).toBeGreaterThan(0.2);
  });

  it('turned round has the other sign', () => {
    const first = ten((index) => (index < 2 ? right : different));
    const second = ten((index) => (index < 7 ? right : different));
    const forth = comparison(first, second, 2, 1)[0]?.greedy;
    const back = comparison(second, first, 2, 1)[0]?.greedy;
    expect(back?.difference?.value).toBeCloseTo(-(forth?.difference?.value ?? 0), 12);
    expect(back?.p).toBe(forth?.p);
  });

  it('of models that share no task is empty', () => {
    expect(comparison(four.slice(0, 2), four.slice(2), 2, 1)).toEqual([]);
    expect(comparison(four, four, 0, 1)[0]?.sampled).toBeNull();
  });
});
