import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeHash } from '../mining/program-shape.ts';
import { answerClusters, type CountedAnswer, judged } from './answer-clusters.ts';

const wrong = (answer: string | null, count = 1): CountedAnswer => ({
  answer,
  verdict: 'wrong',
  count,
  right: 0,
});
const right = (answer: string, count = 1): CountedAnswer => ({
  answer,
  verdict: 'right',
  count,
  right: count,
});

describe('answers to one task', () => {
  it('are together where they are the same value, whatever their text, under the commonest text', () => {
    expect(
      answerClusters('deduction', [
        wrong('[1, 2]', 2),
        wrong('[1,2]', 3),
        wrong(' [1, 2]\n'),
        wrong('[2, 1]'),
      ]),
    ).toEqual([
      { verdict: 'wrong', answer: '[1,2]', count: 6 },
      { verdict: 'wrong', answer: '[2, 1]', count: 1 },
    ]);
  });

  it.each([
    ['another type', '1', 'True'],
    ['another exception', 'raise KeyError', 'raise ValueError'],
    ['a NaN, which equals nothing', '{nan}', '{ nan }'],
    ['prose', 'it is one', 'it is  one'],
  ])('are apart: %s', (_, a, b) => {
    expect(answerClusters('deduction', [wrong(a), wrong(b)])).toHaveLength(2);
  });

  it('that are calls are compared as argument tuples', () => {
    expect(answerClusters('abduction', [wrong("('a', 1)"), wrong('("a",1)'), wrong("('a',)")])).toEqual([
      { verdict: 'wrong', answer: "('a', 1)", count: 2 },
      { verdict: 'wrong', answer: "('a',)", count: 1 },
    ]);
  });

  it('that are programs are compared by text, or as they are told to be', () => {
    const programs = [wrong('def f(x):\n    return x'), wrong('def f(y): return y\n')];
    expect(answerClusters('induction', programs)).toHaveLength(2);
    expect(answerClusters('induction', programs, (program) => shapeHash(program, 'f'))).toMatchObject([
      { count: 2 },
    ]);
  });

  it('are apart where they were judged differently; those that are no answers are together', () => {
    expect(answerClusters('deduction', [right('4'), wrong('4'), wrong(null, 5)])).toEqual([
      { verdict: 'wrong', answer: null, count: 5 },
      { verdict: 'right', answer: '4', count: 1 },
      { verdict: 'wrong', answer: '4', count: 1 },
    ]);
  });

  it('are all counted, whatever a model wrote', () => {
    const verdict = fc.constantFrom('right', 'wrong', 'unjudgeable' as const);
    const answer = fc.record({
      answer: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '[1]', 'nan'))),
      verdict,
      count: fc.integer({ min: 1, max: 9 }),
      right: fc.constant(0),
    });
    fc.assert(
      fc.property(
        fc.constantFrom('deduction', 'abduction', 'induction' as const),
        fc.array(answer),
        (kind, answers) => {
          const counts = answerClusters(kind, answers).map(({ count }) => count);
          const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
          expect(sum(counts)).toBe(sum(answers.map(({ count }) => count)));
          expect(counts).toEqual(counts.toSorted((a, b) => b - a));
        },
      ),
    );
  });
});

it('what could not be judged counts neither as right nor as wrong', () => {
  const unjudged = { answer: '6', verdict: 'unjudgeable', count: 9, right: 0 } as const;
  expect(judged([right('4', 2), wrong('5', 3), unjudged])).toEqual({ right: 2, of: 5 });
});

it('messages count as judged, and as right where they helped', () => {
  const gained = { answer: 'Gives twice the number.', verdict: 'gained', count: 6, right: 4 } as const;
  expect(judged([gained, wrong('too short', 2)])).toEqual({ right: 4, of: 8 });
});
