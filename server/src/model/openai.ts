import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { PromptCounts } from './drawn-sample.ts';
import type { Endpoint, ModelInfo, Probe, Sample, SampleRequest } from './endpoint.ts';
import { ModelError } from './model-error.ts';
import { asModelError, defaultLimits, type Limits, type Send, sender } from './ollama-client.ts';
import { isLoopback } from './ollama-host.ts';
import { completionRequest, drawOpenaiSample, openaiWords } from './openai-sample.ts';
import {
  DetokenizeAnswer,
  ModelsAnswer,
  type ServedModel,
  TokenizeAnswer,
  UsageAnswer,
} from './openai-wire.ts';
import { watchdog } from './watchdog.ts';

export interface OpenaiOptions {
  /** The address that `/completions` and `/models` are under, without a slash at its end. */
  readonly host: string;
  /** Sent as a bearer token; held in memory only. */
  readonly apiKey?: string | undefined;
  readonly limits?: Partial<Limits>;
  /** Names of models that may be asked although they run on another machine. */
  readonly remoteModels?: readonly string[];
}

/**
 * A server that speaks OpenAI's protocol, such as vLLM. What it cannot do is said by what it gives: a digest is made of
 * what `/models` tells, not of weights; log-probabilities that do not come are missing in the sample. The protocol does not
 * tell where a model runs: on a server that is not this machine, it is asked only where its owner allowed it by name.
 */
export function openaiEndpoint({
  host,
  apiKey,
  limits: changed,
  remoteModels = [],
}: OpenaiOptions): Endpoint {
  const limits = { ...defaultLimits, ...changed };
  const sendBare = sender(host, limits.connect);
  const send: Send = (url, init) => {
    const given = init.headers as Readonly<Record<string, string>> | undefined;
    const key = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    return sendBare(url, { ...init, headers: { ...given, ...key } });
  };
  const counts = new PromptCounts();
  const checked = new Map<string, ServedModel>();

  return {
    host,
    probe: async (signal): Promise<Probe> => {
      try {
        await served(signal);
        return { state: 'ready', version: 'OpenAI-compatible', host };
      } catch (error) {
        signal.throwIfAborted();
        const { reason, message } = asModelError(error, host, openaiWords);
        if (reason === 'refused') return { state: 'refused', host, detail: message };
        const isAway = reason === 'unreachable' || reason === 'timed-out';
        return { state: isAway ? 'unreachable' : 'not-ollama', host, detail: message };
      }
    },
    model: async (name, signal) => {
      const found = (await served(signal)).find(({ id }) => id === name);
      if (found === undefined) return undefined;
      checkAllowed(found);
      return describe(found);
    },
    models: async (signal) => (await served(signal)).filter(isAllowed).map(describe),
    render: async (model, message, signal) => {
      await checkUsable(model, signal);
      // vLLM has these two beside `/v1`; others have no way to show what their template makes.
      const root = host.replace(/\/v1$/, '');
      const messages = [{ role: 'user', content: message }];
      const { tokens } = await ask(`${root}/tokenize`, { model, messages }, TokenizeAnswer, signal);
      const { prompt } = await ask(`${root}/detokenize`, { model, tokens }, DetokenizeAnswer, signal);
      return prompt;
    },
    sample: async (request, signal) => {
      const { max_model_len: contextTokens } = await checkUsable(request.model, signal);
      try {
        return await sampleOf(request, contextTokens ?? Number.POSITIVE_INFINITY, signal);
      } catch (error) {
        if (!signal.aborted) checked.delete(request.model);
        throw error;
      }
    },
  };

  async function sampleOf(
    request: SampleRequest,
    contextTokens: number,
    signal: AbortSignal,
  ): Promise<Sample> {
    const drawn = await drawOpenaiSample(request, { host, send, limits }, signal);
    return counts.complete(drawn, request, contextTokens, () => countPrompt(request, signal));
  }

  /** Tokens of a prompt that the server has just read, where it did not say them with the sample. */
  async function countPrompt(request: SampleRequest, signal: AbortSignal): Promise<number> {
    const body = { ...completionRequest(request), max_tokens: 1, stream: false };
    return (await ask(`${host}/completions`, body, UsageAnswer, signal)).usage.prompt_tokens;
  }

  async function served(signal: AbortSignal): Promise<ServedModel[]> {
    return (await ask(`${host}/models`, undefined, ModelsAnswer, signal)).data;
  }

  /** Looks once for each model; again after a failure. */
  async function checkUsable(name: string, signal: AbortSignal): Promise<ServedModel> {
    const known = checked.get(name);
    if (known !== undefined) return known;
    const found = (await served(signal)).find(({ id }) => id === name);
    if (found === undefined) throw new ModelError('model-missing', `${host} has no model ${name}.`);
    checkAllowed(found);
    checked.set(name, found);
    return found;
  }

  function isAllowed({ id, owned_by: owner }: ServedModel): boolean {
    // Ollama's own, whose `/v1` puts the prompt into a template and cannot turn its penalties off.
    if (owner === 'library') return false;
    return remoteModels.includes(id) || (isLoopback(host) && !/[:-]cloud$/.test(id));
  }

  function checkAllowed(model: ServedModel): void {
    if (isAllowed(model)) return;
    throw model.owned_by === 'library'
      ? new ModelError('bad-response', `${host} is Ollama: name it ollama+${new URL(host).origin}.`)
      : new ModelError(
          'remote-model',
          `${model.id} runs on another machine, ${host}: your code would leave this one. Allow it by name: --allow-remote ${model.id}`,
        );
  }

  /** One question that is answered in one piece; a GET where there is no body. */
  async function ask<T>(
    url: string,
    body: object | undefined,
    answer: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const patience = watchdog();
    const limit = limits.answer;
    patience.expect(
      limit,
      () => new ModelError('timed-out', `${host} did not answer within ${limit / 1000} s.`),
    );
    try {
      const response = await send(url, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.any([signal, patience.signal]),
      });
      return answer.parse(JSON.parse(await boundedText(response.body, host)));
    } catch (error) {
      signal.throwIfAborted();
      throw asModelError(error, host, openaiWords);
    } finally {
      patience.stop();
    }
  }
}

/** The longest answer that is read, characters. */
const longestAnswer = 4_000_000;

async function boundedText(body: unknown, host: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestAnswer) throw new ModelError('bad-response', `${host} answers without an end.`);
  }
  return text;
}

/** A digest of what the server tells of a model: as good as its word, since the protocol has none of weights. */
function describe({ id, root, parent, owned_by, max_model_len }: ServedModel): ModelInfo {
  const told = JSON.stringify([id, root ?? '', parent ?? '', owned_by ?? '', max_model_len ?? 0]);
  const digest = `told-${createHash('sha256').update(told).digest('hex')}`;
  return { name: id, digest, family: owned_by ?? '', contextLength: max_model_len ?? 0 };
}
