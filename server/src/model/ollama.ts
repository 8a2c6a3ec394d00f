import { asker } from './ask.ts';
import { catalogue, fullName } from './catalogue.ts';
import { PromptCounts } from './drawn-sample.ts';
import type { Endpoint, Sample, SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { defaultLimits, type Limits, ollamaClients } from './ollama-client.ts';
import { CountAnswer, LoadedAnswer, LoadingAnswer, RenderAnswer } from './ollama-wire.ts';
import { probe } from './probe.ts';
import { drawSample, keepAlive, rawRequest } from './sample.ts';

export interface OllamaOptions {
  /** As `ollamaHost` gives it. */
  readonly host: string;
  readonly limits?: Partial<Limits>;
  /** Full names of models that Ollama runs on another machine and that their owner allowed. */
  readonly remoteModels?: readonly string[];
}

/** How long a loaded model counts as loaded after its last use, milliseconds: less than `keepAlive`. */
const loadedMs = 300_000;

/** A model that the server has loaded for us. */
interface Loaded {
  /** Tokens of context that it really got: never more than it was trained for. */
  readonly contextTokens: number;
  usedAt: number;
}

/**
 * Ollama as an endpoint. A model is loaded by a request of its own before its first sample, so that loading has its own
 * limit and its own failure. Nothing is sent to a model that runs on another machine and is not allowed.
 */
export function ollamaEndpoint({ host, limits: changed, remoteModels = [] }: OllamaOptions): Endpoint {
  const limits = { ...defaultLimits, ...changed };
  const clientFor = ollamaClients(host, limits);
  const ask = asker(host, clientFor);
  const { models, model, checkUsable } = catalogue(ask, { answerLimit: limits.answer, remoteModels });
  const loaded = new Map<string, Loaded>();
  const counts = new PromptCounts();

  return {
    host,
    probe: (signal) => probe(host, clientFor, signal),
    model,
    models,
    render: async (name, message, signal) => {
      await checkUsable(name, signal);
      const messages = [{ role: 'user', content: message }];
      const request = { model: name, messages, _debug_render_only: true };
      const answer = await ask((client) => client.chat(request), RenderAnswer, limits.answer, signal);
      return answer._debug_info.rendered_template;
    },
    sample: async (request, signal) => {
      const key = JSON.stringify([fullName(request.model), request.sampling.numCtx]);
      try {
        return await sampleLoaded(request, await load(request, key, signal), signal);
      } catch (error) {
        // A request that we ended says nothing of the model: who comes next need not load it again.
        if (!signal.aborted) loaded.delete(key);
        throw error;
      }
    },
  };

  async function sampleLoaded(request: SampleRequest, ready: Loaded, signal: AbortSignal): Promise<Sample> {
    const drawn = await drawSample(clientFor, request, { host, limits }, signal);
    const sample = await counts.complete(drawn, request, ready.contextTokens, () =>
      countPrompt(request, signal),
    );
    ready.usedAt = performance.now();
    return sample;
  }

  async function load(
    { model: name, sampling }: SampleRequest,
    key: string,
    signal: AbortSignal,
  ): Promise<Loaded> {
    const known = loaded.get(key);
    if (known !== undefined && performance.now() - known.usedAt < loadedMs) return known;
    await checkUsable(name, signal);
    const request = { model: name, prompt: '', keep_alive: keepAlive, options: { num_ctx: sampling.numCtx } };
    try {
      await ask((client) => client.generate(request), LoadingAnswer, limits.load, signal);
    } catch (error) {
      if (!ModelError.is(error, 'http-error')) throw error;
      throw new ModelError('load-failed', `${name} could not be loaded: ${error.message}`, { cause: error });
    }
    const { models: running } = await ask((client) => client.ps(), LoadedAnswer, limits.answer, signal);
    const given = running.find((one) => one.name === fullName(name))?.context_length;
    const ready = { contextTokens: given ?? sampling.numCtx, usedAt: performance.now() };
    loaded.set(key, ready);
    return ready;
  }

  /** Tokens of a prompt that the server has just read: it finds it in its cache, so this costs one token's time. */
  async function countPrompt(
    { model: name, prompt, sampling }: SampleRequest,
    signal: AbortSignal,
  ): Promise<number> {
    const options = { num_predict: 1, num_ctx: sampling.numCtx };
    const request = { ...rawRequest(name, prompt), options, stream: false as const };
    const answer = await ask((client) => client.generate(request), CountAnswer, limits.firstToken, signal);
    return answer.prompt_eval_count;
  }
}
