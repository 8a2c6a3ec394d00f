import { describeModel } from '../../model/describe-model.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import { isCandidateName, markOf, type NamedModel } from './candidate.ts';
import { deleteModel } from './delete-model.ts';

/** Which candidates stay. */
export interface PruneRule {
  /** So many of the newest of each base. */
  readonly newest: number;
  /** Digests of those that are or were promoted, or serve as a base. */
  readonly kept: ReadonlySet<string>;
}

/**
 * Deletes old candidates and returns them. Only models count that have a name of the form we give and, in their licence text, our
 * mark with that very name; a model that has another name too (the alias that people use) stays under both.
 */
export async function pruneCandidates(
  { newest, kept }: PruneRule,
  host: string,
  signal: AbortSignal,
): Promise<readonly NamedModel[]> {
  const models = await ollamaEndpoint({ host }).models(signal);
  const aliased = new Set(models.filter(({ name }) => !isCandidateName(name)).map(({ digest }) => digest));
  const byBase = new Map<string, { readonly model: NamedModel; readonly createdAt: string }[]>();
  for (const model of models) {
    if (!isCandidateName(model.name)) continue;
    const mark = markOf(model.name, (await describeModel(model.name, host, signal)).license);
    if (mark === undefined) continue;
    const group = model.name.slice(0, model.name.lastIndexOf(':'));
    byBase.set(group, [...(byBase.get(group) ?? []), { model, createdAt: mark.createdAt }]);
  }
  const old = [...byBase.values()].flatMap((candidates) =>
    candidates.sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt)).slice(newest),
  );
  const deleted: NamedModel[] = [];
  for (const { model } of old) {
    if (kept.has(model.digest) || aliased.has(model.digest)) continue;
    await deleteModel(model.name, host, signal);
    deleted.push(model);
  }
  return deleted;
}
