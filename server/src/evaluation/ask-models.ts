import type { EvaluatedTask, LeftOut } from '../../../protocol/evaluation.ts';
import type { Endpoint, ModelInfo } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { choices } from '../selfplay/choices.ts';
import { outage, type Revive } from '../selfplay/outage.ts';
import { PlayError } from '../selfplay/play-error.ts';
import { type AskOptions, askTask } from './ask-task.ts';
import { EvaluationError } from './evaluation-error.ts';
import { type EvaluationItem, leftOut } from './item.ts';

/** What becomes of one task with one model. */
export type ModelAsked =
  | { readonly type: 'result'; readonly result: EvaluatedTask }
  | { readonly type: 'left-out'; readonly leftOut: LeftOut };

export interface AskParts {
  readonly endpoint: Endpoint;
  readonly sandbox: Sandbox;
  readonly revive?: Revive;
}

/**
 * Tasks that one model is asked before the next one is: few enough that two models stand at nearly the same task when a person
 * stops, many enough that a machine that holds one model at a time seldom loads the other.
 */
const turn = 16;

/** A part of a set, or all of it, in an order that the random seed gives: what is done first is then a fair sample of all. */
export function chosenItems(
  items: readonly EvaluationItem[],
  count: number,
  randomSeed: number,
): readonly EvaluationItem[] {
  return choices(randomSeed).some(items, count);
}

/** The model that a name means now. Rejects with `model-missing` where it means none. */
export async function modelInfo(endpoint: Endpoint, name: string, signal: AbortSignal): Promise<ModelInfo> {
  const model = await endpoint.model(name, signal);
  if (model !== undefined) return model;
  throw new EvaluationError('model-missing', `${endpoint.host} has no model ${name}.`);
}

/**
 * Asks each model each task, in the order given. Yields a task when all of its answers are judged, so that what was yielded is
 * whole whenever this ends. An endpoint that goes away is waited for once at each task. Rejects with `EvaluationError`,
 * `ModelError` or as the signal says.
 */
export async function* askModels(
  items: readonly EvaluationItem[],
  models: readonly ModelInfo[],
  options: AskOptions,
  parts: AskParts,
  signal: AbortSignal,
): AsyncGenerator<ModelAsked> {
  const { endpoint } = parts;
  for (let begin = 0; begin < items.length; begin += turn) {
    for (const model of models) {
      for (const item of items.slice(begin, begin + turn)) {
        const asked = await patiently(() => askTask(item, model, options, parts, signal), parts, signal);
        const now = await modelInfo(endpoint, model.name, signal);
        if (now.digest !== model.digest) {
          const message = `${model.name} is now another model than the one this evaluation began with.`;
          throw new EvaluationError('model-changed', message);
        }
        yield asked.ok
          ? { type: 'result', result: asked.result }
          : { type: 'left-out', leftOut: leftOut(item, asked.reason, model.name) };
      }
    }
  }
}

/** Does it again, once, after the endpoint was away. Rejects with `model-gone` where it stays away. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { endpoint, revive }: Pick<AskParts, 'endpoint' | 'revive'>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!ModelError.is(error) || signal.aborted) throw error;
    await outage(error, endpoint, revive, signal).catch((failure: unknown) => {
      if (!PlayError.is(failure, 'model-gone')) throw failure;
      const message = `${endpoint.host} stopped answering (${error.message}). Start it and evaluate again.`;
      throw new EvaluationError('model-gone', message);
    });
    return ask();
  }
}
