import type { EvaluatedTask, Evaluation } from '../../../protocol/evaluation.ts';
import type { ModelInfo } from '../model/endpoint.ts';
import { comparison } from './comparison.ts';
import { figures } from './figures.ts';

/** What an evaluation was about, and how far it came. */
export type EvaluationRun = Omit<Evaluation, 'schema' | 'models' | 'comparison'> & {
  readonly asked: readonly ModelInfo[];
};

/** The report of an evaluation, from its lines alone: of two models both, and how they differ. */
export function evaluation({ asked, ...run }: EvaluationRun): Evaluation {
  const { k, randomSeed, tasks } = run;
  const of = (info: ModelInfo | undefined): EvaluatedTask[] =>
    tasks.filter(({ model }) => model.name === info?.name);
  const [first, second] = asked;
  return {
    schema: 1,
    ...run,
    models: asked.map((info) => ({
      name: info.name,
      digest: info.digest,
      figures: figures(of(info), k, randomSeed),
    })),
    comparison: second === undefined ? [] : comparison(of(first), of(second), k, randomSeed),
  };
}
