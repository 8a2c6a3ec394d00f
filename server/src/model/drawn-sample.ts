import { dropOldest } from '../drop-oldest.ts';
import type { Sample, SampleRequest } from './endpoint.ts';

/** A sample before its prompt was counted, and what the server says of the prompt where it came to say it. */
export interface DrawnSample {
  readonly sample: Omit<Sample, 'promptCut' | 'promptTokens'>;
  readonly promptTokens: number | undefined;
}

/** What a sample took that began then, up to now, milliseconds. Without a token all of it is the prompt's. */
export function timesOf(
  begun: number,
  firstToken: number | undefined,
): Pick<Sample, 'promptMs' | 'completionMs' | 'wallMs'> {
  const wallMs = performance.now() - begun;
  const promptMs = firstToken === undefined ? wallMs : firstToken - begun;
  return { promptMs, completionMs: wallMs - promptMs, wallMs };
}

/** How many prompts' token counts are remembered: one prompt serves a whole group. */
const countedPrompts = 64;

/** What a server counted of the prompts that it was asked last. */
export class PromptCounts {
  readonly #counts = new Map<string, number>();

  /** The whole sample: its prompt's tokens are what the server said with it, else what is remembered, else what `count` finds. */
  async complete(
    { sample, promptTokens: told }: DrawnSample,
    request: Pick<SampleRequest, 'model' | 'prompt'>,
    contextTokens: number,
    count: () => Promise<number>,
  ): Promise<Sample> {
    const prompt = JSON.stringify([request.model, request.prompt]);
    const counted = this.#counts.get(prompt);
    const promptTokens = told ?? counted ?? (await count());
    this.#counts.set(prompt, promptTokens);
    dropOldest(this.#counts, countedPrompts);
    // A server that cuts a prompt cuts it to its context, and counts what it left.
    const promptCut = promptTokens >= contextTokens || (counted !== undefined && counted !== promptTokens);
    return { ...sample, promptTokens, promptCut };
  }
}
