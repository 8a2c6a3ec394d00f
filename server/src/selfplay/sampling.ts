import type { Sampling } from '../../../protocol/group.ts';
import type { Endpoint, Sample } from '../model/endpoint.ts';
import type { Question } from '../tasks/kind-spec.ts';

/** Tokens of context that we ask for, the same in each request: another number makes Ollama load the model again. */
export const contextTokens = 4096;

/** On-policy sampling: what the model's own probabilities say, nothing cut off. Only such groups can be trained on. */
export function onPolicy(numPredict: number): Sampling {
  return { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, numPredict, numCtx: contextTokens };
}

/** One sample with the random seed that it was drawn with. */
export interface Drawn {
  readonly sample: Sample;
  readonly randomSeed: number;
}

/**
 * Draws the samples of a group one after another, so that each finds the prompt in the model's cache. What a sample
 * still needs (validation, judging) goes on beside the next one: the model never waits for it.
 */
export async function drawGroup<T>(
  endpoint: Endpoint,
  model: string,
  question: Question,
  randomSeeds: readonly number[],
  use: (drawn: Drawn) => Promise<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const sampling = onPolicy(question.numPredict);
  const uses: Promise<T>[] = [];
  try {
    for (const randomSeed of randomSeeds) {
      signal.throwIfAborted();
      const request = { model, prompt: question.prompt, sampling, randomSeed, ends: question.ends };
      uses.push(use({ sample: await endpoint.sample(request, signal), randomSeed }));
    }
  } finally {
    // A failed request must not leave a rejection of an earlier use unhandled.
    await Promise.allSettled(uses);
  }
  return Promise.all(uses);
}
