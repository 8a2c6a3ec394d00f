import type { EvaluatedTask, EvaluationFigures, Rates } from '../../../protocol/evaluation.ts';
import { isRight } from '../../../protocol/judge.ts';
import { isWellFormed } from '../selfplay/sample-outcome.ts';
import { resample, type Sums } from './bootstrap.ts';
import { type Part, partsOf } from './parts.ts';
import { passAtK } from './pass-at-k.ts';
import { estimateShare, type Summed, total, unitSums } from './unit-sums.ts';

/** The figures of one model on the tasks that it was asked, k samples each. The same random seed gives the same intervals. */
export function figures(tasks: readonly EvaluatedTask[], k: number, randomSeed: number): EvaluationFigures[] {
  return partsOf(tasks).map((part) => figuresOf(part, k, randomSeed));
}

/** Places in a unit's sums. Behind them stand pass@1, pass@2 and so on. */
const at = {
  tasks: 0,
  trivial: 1,
  greedyParsed: 2,
  greedyRight: 3,
  samples: 4,
  parsed: 5,
  right: 6,
  passAt1: 7,
} as const;

function sumsOf({ trivial, greedy, samples }: EvaluatedTask, k: number): Sums {
  const right = samples.filter(({ verdict }) => isRight(verdict)).length;
  return [
    1,
    Number(trivial !== null),
    Number(isWellFormed(greedy)),
    Number(isRight(greedy.verdict)),
    samples.length,
    samples.filter(isWellFormed).length,
    right,
    ...Array.from({ length: k }, (_, index) => passAtK(k, right, index + 1)),
  ];
}

function figuresOf({ about, tasks }: Part, k: number, randomSeed: number): EvaluationFigures {
  const units = unitSums(tasks, (task) => sumsOf(task, k));
  const summed: Summed = { units, all: total(units), drawn: resample(units, randomSeed) };
  const share = (count: number, of: number) => estimateShare(summed, count, of);
  const rates = (parsed: number, right: number, of: number): Rates => ({
    parses: share(parsed, of),
    rightGivenParses: share(right, parsed),
    right: share(right, of),
  });
  return {
    ...about,
    tasks: tasks.length,
    units: units.length,
    greedy: rates(at.greedyParsed, at.greedyRight, at.tasks),
    sampled: k === 0 ? null : rates(at.parsed, at.right, at.samples),
    passAtK: Array.from({ length: k }, (_, index) => share(at.passAt1 + index, at.tasks) ?? []).flat(),
    trivial: share(at.trivial, at.tasks),
  };
}
