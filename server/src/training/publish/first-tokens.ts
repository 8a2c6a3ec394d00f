import { isDeepStrictEqual } from 'node:util';
import { asker } from '../../model/ask.ts';
import { defaultLimits, ollamaClients } from '../../model/ollama-client.ts';
import { FirstTokenAnswer } from '../../model/ollama-wire.ts';
import { rawRequest } from '../../model/sample.ts';
import { contextTokens } from '../../selfplay/sampling.ts';
import type { NamedModel } from './candidate.ts';

/** Prompts behind which any model has something to say, so that its first token is hardly the one that ends a text. */
const prompts = ['def add(a, b):\n    return', 'The capital of France is', '>>> sorted([3, 1, 2])\n'];

/** How many of the likeliest tokens are told of each prompt; Ollama's most. */
const alternatives = 20;

/** What a model says first behind a prompt: its likeliest tokens as text, most likely first, with natural logarithms. */
export interface FirstTokens {
  readonly prompt: string;
  readonly tokens: readonly { readonly token: string; readonly logprob: number }[];
}

/**
 * The likeliest first tokens behind some fixed prompts. Two models of the same weights give the same bits, read anew or out of the
 * cache (measured on Ollama 0.17.4, CPU); a prompt whose likeliest token ends the text gives none. Rejects with `ModelError`.
 */
export async function firstTokens(
  { name }: Pick<NamedModel, 'name'>,
  host: string,
  signal: AbortSignal,
): Promise<readonly FirstTokens[]> {
  const ask = asker(host, ollamaClients(host));
  const found: FirstTokens[] = [];
  for (const prompt of prompts) {
    const request = {
      ...rawRequest(name, prompt),
      stream: false as const,
      logprobs: true,
      top_logprobs: alternatives,
      options: { temperature: 0, num_predict: 1, num_ctx: contextTokens },
    };
    const { logprobs = [] } = await ask(
      (client) => client.generate(request),
      FirstTokenAnswer,
      defaultLimits.load,
      signal,
    );
    for (const { top_logprobs: tokens } of logprobs) found.push({ prompt, tokens });
  }
  return found;
}

/** Whether two models gave the same bits wherever they gave any. False where nothing can be compared. */
export function answerAlike(one: readonly FirstTokens[], other: readonly FirstTokens[]): boolean {
  return one.length > 0 && isDeepStrictEqual(one, other);
}
