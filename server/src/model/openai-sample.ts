import type { Finish, Token } from '../../../protocol/group.ts';
import { type DrawnSample, timesOf } from './drawn-sample.ts';
import type { SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { asModelError, type Limits, type Send, type ServerWords } from './ollama-client.ts';
import { CompletionEvent, FailureEvent, type Logprobs } from './openai-wire.ts';
import { eventData } from './server-sent-events.ts';
import { watchdog } from './watchdog.ts';

export const openaiWords: ServerWords = {
  name: 'an OpenAI-compatible server',
  start: 'Start it, or leave its address out.',
  address: 'Check its address.',
};

/** How one server is asked. */
export interface OpenaiParts {
  readonly host: string;
  readonly send: Send;
  readonly limits: Limits;
}

/**
 * Draws one sample from the completions endpoint: the prompt as it stands, no `stop`, the answer's end found here and the
 * request closed there, as with Ollama. Where a piece of text comes without its tokens or their log-probabilities, the
 * sample has none at all, so that nothing of it is trained on.
 */
export async function drawOpenaiSample(
  request: SampleRequest,
  { host, send, limits }: OpenaiParts,
  signal: AbortSignal,
): Promise<DrawnSample> {
  const closing = new AbortController();
  const limit = watchdog();
  const tokens: Token[] = [];
  let text = '';
  let pieces = 0;
  let isWhole = true;
  let finish: Finish | undefined;
  let usage: CompletionEvent['usage'];
  const begun = performance.now();
  let firstToken: number | undefined;
  try {
    limit.expect(limits.firstToken, () => tooSlow(host, limits.firstToken));
    const response = await send(`${host}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...completionRequest(request),
        stream: true,
        // vLLM then says with each event what it has read and written; the last event does not come where we close.
        stream_options: { include_usage: true, continuous_usage_stats: true },
      }),
      signal: AbortSignal.any([signal, closing.signal, limit.signal]),
    });
    if (response.body === null) throw new ModelError('bad-response', `${host} sent no body.`);
    for await (const data of eventData(response.body as AsyncIterable<Uint8Array>, host)) {
      limit.expect(limits.stall, () => stalled(host, limits.stall));
      const event = readEvent(data, host);
      usage = event.usage ?? usage;
      const [choice] = event.choices;
      if (choice === undefined) continue;
      firstToken ??= performance.now();
      const sampled = choice.logprobs ? readTokens(choice.logprobs) : undefined;
      if (choice.text !== '') pieces += 1;
      if (choice.text !== '' && (sampled === undefined || sampled.length === 0)) isWhole = false;
      const kept = upToEnd(text, choice.text, sampled ?? [], request.ends);
      tokens.push(...kept.tokens.map(({ bytes, logprob }) => ({ bytes, logprob })));
      text += kept.text;
      if (choice.text !== '' && request.ends(text)) {
        finish = 'delimiter';
        break;
      }
      if (choice.finish_reason) finish = choice.finish_reason === 'length' ? 'length' : 'end';
    }
  } catch (error) {
    signal.throwIfAborted();
    const known = asModelError(error, host, openaiWords);
    if (known.status === 400) throw refusedPrompt(request, known);
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
      tokens: isWhole ? tokens : [],
      finish: finish ?? 'aborted',
      completionTokens: usage?.completion_tokens ?? Math.max(tokens.length, pieces),
      ...timesOf(begun, firstToken),
    },
    promptTokens: usage?.prompt_tokens,
  };
}

/** All that shapes the distribution, so that nothing of a model's own defaults does; −1 is vLLM's word for no top-k. */
export function completionRequest({ model, prompt, sampling, randomSeed, format }: SampleRequest) {
  return {
    model,
    prompt,
    n: 1,
    echo: false,
    max_tokens: sampling.numPredict,
    temperature: sampling.temperature,
    top_k: sampling.topK === 0 ? -1 : sampling.topK,
    top_p: sampling.topP,
    min_p: sampling.minP,
    repetition_penalty: sampling.repeatPenalty,
    presence_penalty: 0,
    frequency_penalty: 0,
    seed: randomSeed,
    logprobs: 1,
    // Ollama's `format`, as vLLM takes it.
    ...(format === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema: format, strict: true },
          },
        }),
  };
}

function readEvent(data: string, host: string): CompletionEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (cause) {
    throw new ModelError('bad-response', `${host} sent what is no JSON.`, { cause });
  }
  const failed = FailureEvent.safeParse(parsed);
  if (failed.success)
    throw new ModelError('http-error', `${host} failed: ${failed.data.error.slice(0, 500)}`);
  return CompletionEvent.parse(parsed);
}

/** A token with its own text. */
type TextToken = Token & { readonly text: string };

/**
 * What of an event belongs to the answer: all of it, or, where several tokens came at once and the answer ends at one that is
 * not the last, up to and with that one.
 */
function upToEnd(
  before: string,
  text: string,
  tokens: readonly TextToken[],
  ends: SampleRequest['ends'],
): { readonly text: string; readonly tokens: readonly TextToken[] } {
  if (tokens.length < 2 || tokens.map((token) => token.text).join('') !== text) return { text, tokens };
  let kept = '';
  for (const [index, token] of tokens.entries()) {
    kept += token.text;
    if (ends(before + kept)) return { text: kept, tokens: tokens.slice(0, index + 1) };
  }
  return { text, tokens };
}

/** The tokens of an event; undefined where one has no log-probability. */
function readTokens(logprobs: Logprobs): TextToken[] | undefined {
  if ('content' in logprobs) {
    return logprobs.content.map(({ token, logprob, bytes }) => ({
      text: token,
      bytes: bytes ? Buffer.from(bytes).toString('base64') : bytesOf(token),
      logprob,
    }));
  }
  const tokens: TextToken[] = [];
  for (const [index, token] of logprobs.tokens.entries()) {
    const logprob = logprobs.token_logprobs[index];
    if (logprob === undefined || logprob === null) return undefined;
    tokens.push({ text: token, bytes: bytesOf(token), logprob });
  }
  return tokens;
}

/** A token's bytes, base64. One that is a part of a character comes as `bytes:\xe2\x80`, or as U+FFFD and is marked so. */
function bytesOf(token: string): string {
  if (/^bytes:(\\x[0-9a-f]{2})+$/i.test(token))
    return Buffer.from(token.slice('bytes:'.length).replaceAll('\\x', ''), 'hex').toString('base64');
  return Buffer.from(token.includes('\uFFFD') ? '\uFFFD' : token).toString('base64');
}

function refusedPrompt({ prompt }: SampleRequest, cause: ModelError): ModelError {
  const message = `A prompt of ${prompt.length} characters and its answer are more than the server takes: ${cause.message}`;
  return new ModelError('prompt-too-long', message, { cause });
}

function tooSlow(host: string, limit: number): ModelError {
  return new ModelError('timed-out', `${host} gave no token within ${limit / 1000} s.`);
}

function stalled(host: string, limit: number): ModelError {
  return new ModelError('stalled', `${host} stopped for ${limit / 1000} s in the middle of an answer.`);
}
