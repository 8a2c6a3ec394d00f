import type { ComparisonFigures, EvaluatedTask } from '../../../protocol/evaluation.ts';
import { isRight } from '../../../protocol/judge.ts';
import { bootstrapP, resample, type Sums } from './bootstrap.ts';
import { exactMcNemar } from './mcnemar.ts';
import { partsOf } from './parts.ts';
import { estimateDifference, type Summed, total, unitSums } from './unit-sums.ts';

/** Places in a unit's sums. */
const at = { tasks: 0, greedy: 1, sampled: 2 } as const;

/**
 * Compares two models on the tasks that both were asked, with the same random seeds: the greedy answers by McNemar's exact test,
 * mean@k by the paired bootstrap over units. Differences are the second less the first.
 */
export function comparison(
  first: readonly EvaluatedTask[],
  second: readonly EvaluatedTask[],
  k: number,
  randomSeed: number,
): ComparisonFigures[] {
  const firstById = new Map(first.map((task) => [task.taskId, task]));
  const differences = new Map<string, Sums>();
  for (const task of second) {
    const other = firstById.get(task.taskId);
    if (other === undefined) continue;
    const greedy = Number(isRight(task.greedy.verdict)) - Number(isRight(other.greedy.verdict));
    differences.set(task.taskId, [1, greedy, k === 0 ? 0 : mean(task) - mean(other)]);
  }
  const common = second.filter(({ taskId }) => differences.has(taskId));
  return partsOf(common).map(({ about, tasks }) => {
    const sums = ({ taskId }: EvaluatedTask) => differences.get(taskId) ?? [];
    const units = unitSums(tasks, sums);
    const summed: Summed = { units, all: total(units), drawn: resample(units, randomSeed) };
    const onlyWith = (sign: number) => tasks.filter((task) => sums(task)[at.greedy] === sign).length;
    const [onlyFirst, onlySecond] = [onlyWith(-1), onlyWith(1)];
    return {
      ...about,
      tasks: tasks.length,
      units: units.length,
      greedy: {
        onlyFirst,
        onlySecond,
        difference: estimateDifference(summed, at.greedy, at.tasks),
        p: exactMcNemar(onlyFirst, onlySecond),
      },
      sampled:
        k === 0
          ? null
          : {
              difference: estimateDifference(summed, at.sampled, at.tasks),
              p: bootstrapP(summed.drawn.map((drawn) => drawn[at.sampled] ?? 0)),
            },
    };
  });
}

function mean({ samples }: EvaluatedTask): number {
  return samples.filter(({ verdict }) => isRight(verdict)).length / samples.length;
}
