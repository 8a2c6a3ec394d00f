import type { Sampling } from '../../../protocol/group.ts';
import type { Endpoint, ModelInfo, Sample, SampleRequest, Slot } from '../model/endpoint.ts';
import { gateOf, Preempted } from '../model/priority-gate.ts';
import type { Question } from '../tasks/kind-spec.ts';
import { choices } from './choices.ts';
import { PlayError } from './play-error.ts';

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

/** One sample with the random seed that it was drawn with. */
export interface Drawn {
  readonly sample: Sample;
  readonly randomSeed: number;
}

/**
 * Draws the samples of a group one after another in one slot, so that each finds the prompt in the model's cache. What a
 * sample still needs (validation, judging) goes on beside the next one and, behind the last one, beside the next group: the
 * slot is given up first. A sample that is given up for a person is asked again with another random seed. Rejects with
 * `model-changed` where a server had another model at the end: then the group is of nobody.
 */
export async function drawGroup<T>(
  endpoint: Endpoint,
  model: Pick<ModelInfo, 'name' | 'digest'>,
  question: Question,
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
      uses.push(use(await drawSample(slot, request, signal)));
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

/** Draws one sample, however often a person comes first. */
async function drawSample(
  slot: Pick<Slot, 'sample'>,
  first: SampleRequest,
  signal: AbortSignal,
): Promise<Drawn> {
  for (let request = first; ; request = { ...request, randomSeed: nextRandomSeed(request.randomSeed) }) {
    try {
      return { sample: await slot.sample(request, signal), randomSeed: request.randomSeed };
    } catch (error) {
      if (!(error instanceof Preempted)) throw error;
    }
  }
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

/** Another random seed in the place of one whose sample was given up; the same one for the same. */
export function nextRandomSeed(randomSeed: number): number {
  return choices(randomSeed).randomSeed();
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
