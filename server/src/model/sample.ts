import type { Finish, Sampling, Token } from '../../../protocol/group.ts';
import { type DrawnSample, timesOf } from './drawn-sample.ts';
import type { SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { asModelError, type ClientFor, type Limits } from './ollama-client.ts';
import { CompletionLine } from './ollama-wire.ts';
import { watchdog } from './watchdog.ts';

/** How long a model stays loaded after a request. */
export const keepAlive = '10m';

/**
 * Draws one sample. The request is closed at its socket as soon as the answer ends, so that the server does not go on; its
 * final statistics then never come. `promptMs` is the time to the first token, `completionMs` the rest, both measured here;
 * `completionTokens` counts the tokens that came, and the end-of-sequence token where the server counted it.
 *
 * A character of several tokens comes in one piece with all of them, and an answer can only end behind it.
 */
export async function drawSample(
  clientFor: ClientFor,
  request: SampleRequest,
  { host, limits }: { readonly host: string; readonly limits: Limits },
  signal: AbortSignal,
): Promise<DrawnSample> {
  const closing = new AbortController();
  const limit = watchdog();
  const tokens: Token[] = [];
  let text = '';
  let finish: Finish | undefined;
  let last: CompletionLine | undefined;
  const begun = performance.now();
  let firstToken: number | undefined;
  try {
    limit.expect(limits.firstToken, () => tooSlow(host, limits.firstToken));
    const client = clientFor(AbortSignal.any([signal, closing.signal, limit.signal]));
    const stream = await client.generate({
      ...rawRequest(request.model, request.prompt),
      options: { ...samplingOptions(request.sampling), seed: request.randomSeed },
      ...(request.format === undefined ? {} : { format: request.format }),
      logprobs: true,
      stream: true,
    });
    for await (const part of stream) {
      firstToken ??= performance.now();
      limit.expect(limits.stall, () => stalled(host, limits.stall));
      const line = CompletionLine.parse(part);
      text += line.response;
      tokens.push(...(line.logprobs ?? []).map(asToken));
      if (line.done) {
        last = line;
        finish = line.done_reason === 'length' ? 'length' : 'end';
      } else if (request.ends(text)) {
        finish = 'delimiter';
        break;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const known = asModelError(error, host);
    // The model is loaded with the same context: what is refused as bad now is the prompt.
    if (known.status === 400) throw promptTooLong(request, known);
    // What came before a stall is kept as what it is; without any text there is nothing to keep.
    if (known.reason !== 'stalled' || text === '') throw known;
    finish = 'stall';
  } finally {
    limit.stop();
    closing.abort();
  }
  return {
    sample: {
      text,
      tokens,
      finish: finish ?? 'aborted',
      completionTokens: last?.eval_count ?? tokens.length,
      ...timesOf(begun, firstToken),
    },
    promptTokens: last?.prompt_eval_count,
  };
}

/** A prompt that is sent as it stands, and refused rather than cut where it is too long. */
export function rawRequest(model: string, prompt: string) {
  return { model, prompt, raw: true, truncate: false, shift: false, keep_alive: keepAlive };
}

/** All that shapes the distribution, so that nothing of a model's own defaults does. */
export function samplingOptions({
  temperature,
  topK,
  topP,
  minP,
  repeatPenalty,
  numPredict,
  numCtx,
}: Sampling) {
  return {
    temperature,
    top_k: topK,
    top_p: topP,
    min_p: minP,
    typical_p: 1,
    repeat_penalty: repeatPenalty,
    presence_penalty: 0,
    frequency_penalty: 0,
    stop: [],
    num_predict: numPredict,
    num_ctx: numCtx,
  };
}

function asToken({
  token,
  logprob,
  bytes,
}: {
  token: string;
  logprob: number;
  bytes?: number[] | undefined;
}): Token {
  return { bytes: Buffer.from(bytes ?? Buffer.from(token)).toString('base64'), logprob };
}

function promptTooLong({ prompt, sampling }: SampleRequest, cause: ModelError): ModelError {
  const message = `A prompt of ${prompt.length} characters is longer than the context of ${sampling.numCtx} tokens.`;
  return new ModelError('prompt-too-long', message, { cause });
}

function tooSlow(host: string, limit: number): ModelError {
  return new ModelError(
    'timed-out',
    `${host} gave no token within ${limit / 1000} s. Use a smaller model, or leave it more of the processor.`,
  );
}

function stalled(host: string, limit: number): ModelError {
  return new ModelError(
    'stalled',
    `${host} stopped for ${limit / 1000} s in the middle of an answer. Look at Ollama's log; it may lack memory.`,
  );
}
