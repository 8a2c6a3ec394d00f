import type { GenerateResponse, Ollama } from 'ollama';
import type { Finish, Token } from '../../../protocol/group.ts';
import type { Endpoint, ModelInfo, Probe, Sample, SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { asModelError, type ClientFor, ollamaClients, type Patience } from './ollama-client.ts';

export interface OllamaOptions {
  /** As `ollamaHost` gives it. */
  readonly host: string;
  readonly patience?: Patience;
  /** Models that Ollama runs on another machine, allowed by name. None unless their owner said so. */
  readonly remoteModels?: readonly string[];
}

/** The first version that gives log-probabilities. */
const oldest = [0, 12, 11] as const;

/** How long a model stays loaded after a request. */
const keepAlive = '10m';

/** How many prompts' token counts are remembered: one prompt serves a whole group. */
const countedPrompts = 64;

/** Ollama as an endpoint. */
export function ollamaEndpoint({ host, patience, remoteModels = [] }: OllamaOptions): Endpoint {
  const clientFor = ollamaClients(host, patience);
  const counts = new Map<string, number>();
  const call = async <T>(signal: AbortSignal, work: (client: Ollama) => Promise<T>): Promise<T> => {
    try {
      return await work(clientFor(signal));
    } catch (error) {
      signal.throwIfAborted();
      throw asModelError(error, host, signal);
    }
  };
  const models = (signal: AbortSignal) =>
    call(signal, async (client) => (await client.list()).models.map(listed));
  const model = async (name: string, signal: AbortSignal) => {
    const wanted = name.includes(':') ? name : `${name}:latest`;
    const found = (await models(signal)).find((listed) => listed.name === wanted);
    if (found === undefined) return undefined;
    const shown = await call(signal, (client) => client.show({ model: wanted }));
    if (isRemote(wanted, shown) && !remoteModels.includes(wanted)) {
      throw new ModelError(
        'remote-model',
        `${wanted} runs on another machine: your code would leave this one. Choose a local model.`,
      );
    }
    return { ...found, contextLength: contextLength(shown) ?? found.contextLength };
  };
  return {
    host,
    probe: (signal) => probe(host, clientFor, signal),
    model,
    models,
    render: (name, message, signal) =>
      call(signal, async (client) => {
        const request = {
          model: name,
          messages: [{ role: 'user', content: message }],
          _debug_render_only: true,
        };
        const answer: unknown = await client.chat(request);
        const info = (answer as { _debug_info?: { rendered_template?: string } })._debug_info;
        if (info?.rendered_template === undefined) {
          throw new ModelError('bad-response', `${host} does not render prompts. Update Ollama.`);
        }
        return info.rendered_template;
      }),
    sample: async (request, signal) => {
      const sample = await call(signal, () => draw(clientFor, request, host, signal));
      const known = sample.promptTokens === 0 ? counts.get(request.prompt) : sample.promptTokens;
      const promptTokens = known ?? (await count(request, signal));
      if (counts.size >= countedPrompts) counts.delete(counts.keys().next().value ?? '');
      counts.set(request.prompt, promptTokens);
      return { ...sample, promptTokens };
    },
  };

  /** Tokens of a prompt that the server has just read: it finds it in its cache, so this costs one token's time. */
  function count({ model: name, prompt, sampling }: SampleRequest, signal: AbortSignal): Promise<number> {
    return call(signal, async (client) => {
      const request = {
        ...rawRequest(name, prompt),
        options: { num_predict: 1, num_ctx: sampling.numCtx },
        stream: false as const,
      };
      return (await client.generate(request)).prompt_eval_count;
    });
  }
}

/**
 * Draws one sample. The request is closed at its socket as soon as the answer ends, so that the server does not go on;
 * its final statistics then never come. `promptMs` is the time to the first token, `completionMs` the rest.
 */
async function draw(
  clientFor: ClientFor,
  request: SampleRequest,
  host: string,
  signal: AbortSignal,
): Promise<Sample> {
  const closing = new AbortController();
  const client = clientFor(AbortSignal.any([signal, closing.signal]));
  const { temperature, topK, topP, minP, repeatPenalty, numPredict, numCtx } = request.sampling;
  const options = {
    temperature,
    top_k: topK,
    top_p: topP,
    min_p: minP,
    repeat_penalty: repeatPenalty,
    num_predict: numPredict,
    num_ctx: numCtx,
    seed: request.randomSeed,
  };
  const begun = performance.now();
  let firstToken: number | undefined;
  let text = '';
  const tokens: Token[] = [];
  let finish: Finish = 'aborted';
  let last: GenerateResponse | undefined;
  try {
    const stream = await client.generate({
      ...rawRequest(request.model, request.prompt),
      options,
      logprobs: true,
      stream: true,
    });
    for await (const part of stream) {
      firstToken ??= performance.now();
      text += part.response;
      for (const { token, logprob, bytes } of logprobs(part)) {
        tokens.push({ bytes: Buffer.from(bytes ?? Buffer.from(token)).toString('base64'), logprob });
      }
      if (part.done) {
        last = part;
        finish = part.done_reason === 'length' ? 'length' : 'end';
      } else if (request.ends(text)) {
        finish = 'delimiter';
        break;
      }
    }
  } catch (error) {
    const known = asModelError(error, host, signal);
    if (promptTooLong(error)) {
      throw new ModelError('prompt-too-long', `The prompt is longer than ${numCtx} tokens.`, {
        cause: error,
      });
    }
    // What came before a stall is kept as what it is; without any text there is nothing to keep.
    if (!ModelError.is(known, 'stalled') || text === '') throw error;
    finish = 'stall';
  } finally {
    closing.abort();
  }
  const ended = performance.now();
  const promptMs = (firstToken ?? ended) - begun;
  return {
    text,
    tokens,
    finish,
    promptCut: false,
    promptTokens: last?.prompt_eval_count ?? 0,
    completionTokens: last?.eval_count ?? tokens.length,
    promptMs,
    completionMs: ended - begun - promptMs,
    wallMs: ended - begun,
  };
}

/** A prompt that is sent as it stands, and refused rather than cut where it is too long. */
function rawRequest(model: string, prompt: string) {
  return { model, prompt, raw: true, truncate: false, shift: false, keep_alive: keepAlive };
}

interface Logprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
}

function logprobs(part: GenerateResponse): readonly Logprob[] {
  return (part as { logprobs?: readonly Logprob[] }).logprobs ?? [];
}

/** Ollama tells this with status 400 and one sentence; a test holds it against the real server. */
function promptTooLong(error: unknown): boolean {
  const { status_code: status, error: said } = error as { status_code?: number; error?: string };
  return status === 400 && said === 'the input length exceeds the context length';
}

async function probe(host: string, clientFor: ClientFor, signal: AbortSignal): Promise<Probe> {
  try {
    const { version } = await clientFor(AbortSignal.any([signal, AbortSignal.timeout(5_000)])).version();
    if (typeof version !== 'string')
      return { state: 'not-ollama', host, detail: 'it does not say a version' };
    if (isOlder(version))
      return {
        state: 'too-old',
        host,
        detail: `version ${version}; ${oldest.join('.')} is the oldest that gives log-probabilities`,
      };
    return { state: 'ready', version, host };
  } catch (error) {
    signal.throwIfAborted();
    const known = asModelError(error, host, signal);
    const detail = known instanceof Error ? known.message : String(known);
    if (ModelError.is(known, 'refused')) return { state: 'refused', host, detail };
    if (ModelError.is(known, 'http-error', 'bad-response', 'model-missing'))
      return { state: 'not-ollama', host, detail };
    return { state: 'unreachable', host, detail };
  }
}

function isOlder(version: string): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  // A build from source calls itself 0.0.0: nobody's old release.
  if (numbers.slice(0, 3).every((number) => number === 0)) return false;
  for (const [index, least] of oldest.entries()) {
    const found = numbers[index] ?? 0;
    if (found !== least) return found < least;
  }
  return false;
}

function listed(model: { name: string; digest: string; details: { family: string } }): ModelInfo {
  return { name: model.name, digest: model.digest, family: model.details.family, contextLength: 0 };
}

function contextLength(shown: { model_info: unknown }): number | undefined {
  const info = shown.model_info;
  const entries =
    info instanceof Map ? [...info.entries()] : Object.entries((info ?? {}) as Record<string, unknown>);
  const found = entries.find(([key]) => String(key).endsWith('.context_length'))?.[1];
  return typeof found === 'number' ? found : undefined;
}

function isRemote(name: string, shown: unknown): boolean {
  const { remote_host: remoteHost } = shown as { remote_host?: string };
  return (remoteHost ?? '') !== '' || /[:-]cloud$/.test(name);
}
