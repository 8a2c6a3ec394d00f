import { asker } from '../../model/ask.ts';
import { defaultLimits, ollamaClients } from '../../model/ollama-client.ts';
import { FirstTokenAnswer } from '../../model/ollama-wire.ts';
import { rawRequest } from '../../model/sample.ts';
import type { NamedModel } from './candidate.ts';

/** Prompts behind which any model has something to say, so that its first token is hardly the one that ends a text. */
const prompts = ['def add(a, b):\n    return', 'The capital of France is', '>>> sorted([3, 1, 2])\n'];

/** How many of the likeliest tokens are told of each prompt; Ollama's most. */
const alternatives = 20;

/** Tokens of context that these prompts are asked with. */
const contextTokens = 512;

/**
 * The log-probabilities of the likeliest first tokens behind some fixed prompts. Two models of the same weights give the same bits,
 * read anew or out of the cache (measured on Ollama 0.17.4, CPU); a prompt whose likeliest token ends the text gives none.
 */
export async function firstTokens(
  { name }: Pick<NamedModel, 'name'>,
  host: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ask = asker(host, ollamaClients(host));
  const found: string[] = [];
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
    for (const { top_logprobs: tokens } of logprobs)
      found.push(JSON.stringify([prompt, tokens.map(({ token, logprob }) => [token, logprob])]));
  }
  return found;
}

/** Whether two models gave the same bits wherever they gave any. False where nothing can be compared. */
export function answerAlike(one: readonly string[], other: readonly string[]): boolean {
  return one.length > 0 && one.length === other.length && one.every((text, index) => text === other[index]);
}
