import type { EvaluatedTask, EvaluationFigures } from '../../../protocol/evaluation.ts';
import { Kind } from '../../../protocol/kind.ts';

/** What figures are about, with the tasks. */
export interface Part {
  readonly about: Pick<EvaluationFigures, 'part' | 'kind' | 'repository'>;
  readonly tasks: readonly EvaluatedTask[];
}

/** All of a set, then each kind, then each repository where there are several; each whole, and its hard part. Empty ones not. */
export function partsOf(tasks: readonly EvaluatedTask[]): readonly Part[] {
  const repositories = [...new Set(tasks.map(({ repository }) => repository))].sort();
  const about = [
    { kind: null, repository: null },
    ...Kind.options.map((kind) => ({ kind, repository: null })),
    ...(repositories.length < 2 ? [] : repositories).map((repository) => ({ kind: null, repository })),
  ];
  return about.flatMap(({ kind, repository }) => {
    const some = tasks.filter(
      (task) =>
        (kind === null || task.kind === kind) && (repository === null || task.repository === repository),
    );
    const hard = some.filter(({ trivial }) => trivial === null);
    const parts: Part[] = [
      { about: { part: 'all', kind, repository }, tasks: some },
      { about: { part: 'hard', kind, repository }, tasks: hard },
    ];
    return parts.filter((part) => part.tasks.length > 0);
  });
}
