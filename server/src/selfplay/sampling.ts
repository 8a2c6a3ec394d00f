import type { Sampling } from '../../../protocol/group.ts';
import type { Endpoint, ModelInfo, Sample, SampleRequest, Slot } from '../model/endpoint.ts';
import { gateOf } from '../model/priority-gate.ts';
import type { Question } from '../tasks/kind-spec.ts';
import { type Drawn, drawSample } from './draw-sample.ts';
import { PlayError } from './play-error.ts';
import { drawAttempt, type ToolUse } from './tools/draw-turns.ts';

/** Tokens of context that we ask for, the same in each request: another number makes Ollama load the model again. */
export const contextTokens = 4096;

/** On-policy sampling: what the model's own probabilities say, nothing cut off. Only such groups can be trained on. */
export function onPolicy(numPredict: number): Sampling {
  return { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict, numCtx: contextTokens };
}

/** The likeliest answer, drawn once: what the model is measured by, and never trained on. */
export function greedily(numPredict: number): Sampling {
  return { ...onPolicy(numPredict), temperature: 0 };
}

/** What a group is asked. */
export interface GroupQuestion extends Question {
  /** Where each attempt may run Python before it answers. */
  readonly toolUse?: ToolUse;
}

/**
 * Draws the samples of a group one after another in one slot, so that each finds the prompt in the model's cache. What a
 * sample still needs (validation, judging) goes on beside the next one and, behind the last one, beside the next group: the
 * slot is given up first. The turns of an attempt that may run Python are drawn in that slot, too. A sample that is given up for a person is asked again with another random seed. Rejects with
 * `model-changed` where a server had another model at the end: then the group is of nobody.
 */
export async function drawGroup<T>(
  endpoint: Endpoint,
  model: Pick<ModelInfo, 'name' | 'digest'>,
  question: GroupQuestion,
  randomSeeds: readonly number[],
  use: (drawn: Drawn) => Promise<T>,
  signal: AbortSignal,
  sampling = onPolicy(question.numPredict),
): Promise<T[]> {
  const slot = (await endpoint.reserve?.(signal)) ?? wholeOf(endpoint);
  const uses: Promise<T>[] = [];
  try {
    for (const randomSeed of randomSeeds) {
      signal.throwIfAborted();
      const request = {
        model: model.name,
        prompt: question.prompt,
        sampling,
        randomSeed,
        ends: question.ends,
      };
      uses.push(use(await drawAttempt(slot, request, question.toolUse, signal)));
    }
    slot.release();
    const now = await slot.models(model.name, signal);
    if (now.some((info) => info?.digest !== model.digest)) throw modelChanged(model.name);
  } finally {
    slot.release();
    // A failed request must not leave a rejection of an earlier use unhandled.
    await Promise.allSettled(uses);
  }
  return Promise.all(uses);
}

/** One sample outside of any group that gives way to a person, and is asked again then. Rejects as the endpoint does. */
export async function batchSample(
  endpoint: Endpoint,
  request: SampleRequest,
  signal: AbortSignal,
): Promise<Sample> {
  const gate = gateOf(endpoint.host);
  const slot = {
    sample: (asked: SampleRequest) => gate.batch((inside) => endpoint.sample(asked, inside), signal),
  };
  return (await drawSample(slot, request, signal)).sample;
}

export function modelChanged(name: string): PlayError {
  return new PlayError('model-changed', `${name} is now another model than the one this run began with.`);
}

/** An endpoint that is not shared out: all of it is one slot. */
function wholeOf(endpoint: Endpoint): Slot {
  return {
    sample: (request, signal) => endpoint.sample(request, signal),
    models: async (name, signal) => [await endpoint.model(name, signal)],
    release: () => undefined,
  };
}
