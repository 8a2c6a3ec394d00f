import type { Endpoint, ModelInfo } from '../../model/endpoint.ts';
import { ModelError } from '../../model/model-error.ts';
import type { PoolMember } from './member.ts';

/**
 * The first of several servers that has a model now, and what it has; undefined where those that answer have none. Rejects
 * with the first failure where none answers.
 */
export async function findModel(
  members: readonly PoolMember[],
  name: string,
  signal: AbortSignal,
): Promise<{ readonly endpoint: Endpoint; readonly model: ModelInfo } | undefined> {
  let failure: ModelError | undefined;
  let answered = false;
  for (const { endpoint } of members) {
    try {
      const model = await endpoint.model(name, signal);
      if (model !== undefined) return { endpoint, model };
      answered = true;
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined && !answered) throw failure;
  return undefined;
}
