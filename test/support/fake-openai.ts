import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { countTokens, pieces } from '../fake-ollama/scripted-model.ts';

/** A request as it came, and how its response ended. */
export interface OpenaiRequest {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sent, for tests to look into.
  readonly body: any;
  readonly ended: Promise<'finished' | 'closed'>;
}

export interface OpenaiScript {
  /** What `/v1/models` lists. */
  readonly models?: readonly object[];
  /** What the model writes to a prompt. */
  readonly complete?: (prompt: string) => string;
  /** How log-probabilities come: vLLM's form, llama.cpp's, or not at all. */
  readonly logprobs?: 'legacy' | 'content' | 'none';
  /** Tokens in one event. */
  readonly tokensPerEvent?: number;
  /** Whether events tell the usage so far, as vLLM's do. */
  readonly tellsUsage?: boolean;
  readonly tokenMs?: number;
  /** A key without which everything is refused. */
  readonly key?: string;
  /** Takes the place of a completion: a status and a body, or lines of a stream. */
  readonly instead?: (body: OpenaiRequest['body']) => { status: number; body: string } | undefined;
}

/** Starts a server on loopback that speaks OpenAI's completions protocol as vLLM does, with a scripted model. */
export async function startFakeOpenai(script: OpenaiScript = {}) {
  const requests: OpenaiRequest[] = [];
  const server = http.createServer((incoming, response) => void serve(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    host,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { url: path = '', headers } = incoming;
    const ended = new Promise<'finished' | 'closed'>((resolve) => {
      response.once('close', () => resolve(response.writableFinished ? 'finished' : 'closed'));
    });
    const body = incoming.method === 'POST' ? await json(incoming) : undefined;
    const request: OpenaiRequest = { path, headers, body, ended };
    requests.push(request);
    if (script.key !== undefined && headers.authorization !== `Bearer ${script.key}`)
      return answer(response, 401, { error: { message: 'Unauthorized' } });
    switch (path) {
      case '/v1/models':
        return answer(response, 200, { object: 'list', data: script.models ?? [servedModel('fake')] });
      case '/v1/completions':
        return complete(request, response);
      case '/tokenize':
        return answer(response, 200, { tokens: [1, 2, 3], count: 3, max_model_len: 4096 });
      case '/detokenize':
        return answer(response, 200, { prompt: `<user>${request.body.tokens.join(' ')}<assistant>` });
      default:
        return answer(response, 404, { detail: 'Not Found' });
    }
  }

  async function complete({ body }: OpenaiRequest, response: http.ServerResponse): Promise<void> {
    const instead = script.instead?.(body);
    if (instead !== undefined) {
      response.writeHead(instead.status, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.end(instead.body);
      return;
    }
    const usage = (written: number) => ({
      prompt_tokens: countTokens(body.prompt),
      completion_tokens: written,
      total_tokens: countTokens(body.prompt) + written,
    });
    if (body.stream !== true) return answer(response, 200, { choices: [], usage: usage(1) });
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const all = pieces(script.complete?.(body.prompt) ?? 'None\n', body.seed);
    const kept = all.slice(0, body.max_tokens);
    const perEvent = script.tokensPerEvent ?? 1;
    for (let at = 0; at < kept.length; at += perEvent) {
      if (script.tokenMs) await wait(script.tokenMs);
      if (response.destroyed) return;
      const some = kept.slice(at, at + perEvent);
      const isLast = at + perEvent >= kept.length;
      const reason = kept.length < all.length ? 'length' : 'stop';
      const choice = {
        index: 0,
        text: some.map((piece) => piece.response).join(''),
        logprobs: logprobsOf(some, script.logprobs ?? 'legacy'),
        finish_reason: isLast ? reason : null,
      };
      const told = script.tellsUsage === false ? {} : { usage: usage(at + some.length) };
      event(response, { id: 'cmpl-1', object: 'text_completion', choices: [choice], ...told });
    }
    if (script.tellsUsage !== false) event(response, { choices: [], usage: usage(kept.length) });
    response.end('data: [DONE]\n\n');
  }
}

/** A model as vLLM lists it: when and with which permissions changes with each request. */
export function servedModel(id: string, change: object = {}): object {
  const created = Math.floor(performance.now() * 1000);
  const permission = [{ id: `modelperm-${created}`, object: 'model_permission', created }];
  const model = { id, object: 'model', created, owned_by: 'vllm', root: `org/${id}`, parent: null };
  return { ...model, max_model_len: 4096, permission, ...change };
}

function logprobsOf(some: ReturnType<typeof pieces>, form: 'legacy' | 'content' | 'none'): object | null {
  const tokens = some.flatMap(({ logprobs }) => logprobs);
  if (form === 'none') return null;
  if (form === 'content') return { content: tokens };
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ token, logprob }) => ({ [token]: logprob })),
    text_offset: tokens.map(() => 0),
  };
}

function event(response: http.ServerResponse, value: object): void {
  response.write(`data: ${JSON.stringify(value)}\n\n`);
}

function answer(response: http.ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
