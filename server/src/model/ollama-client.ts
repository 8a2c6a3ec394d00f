import { Ollama } from 'ollama';
import {
  Agent,
  type Dispatcher,
  EnvHttpProxyAgent,
  type RequestInit,
  Response,
  fetch as undiciFetch,
} from 'undici';
import { z } from 'zod';
import { guardedBody } from './guarded-body.ts';
import { ModelError } from './model-error.ts';
import { isLoopback } from './ollama-host.ts';

/**
 * How long a server may take, milliseconds: to accept a connection, to answer a small question, to load a model, to read
 * a prompt up to the first token, and between two tokens.
 */
export interface Limits {
  readonly connect: number;
  readonly answer: number;
  readonly load: number;
  readonly firstToken: number;
  readonly stall: number;
}

export const defaultLimits: Limits = {
  connect: 5_000,
  answer: 30_000,
  load: 600_000,
  firstToken: 600_000,
  stall: 60_000,
};

/** Makes clients for single calls: each carries its call's signal down to the socket. */
export type ClientFor = (signal: AbortSignal) => Ollama;

/** One request to a server, as the platform's `fetch` would send it. Rejects with `ModelError`, or as the signal says. */
export type Send = (url: string | URL, init: RequestInit) => Promise<Response>;

/**
 * Requests to one host. Node's own fetch gives up after 300 s without headers, and mixing it with another dispatcher
 * breaks, so fetch and dispatcher are both undici's, without limits of their own but the one for connecting. Loopback is
 * never asked through a proxy; other hosts are asked through the one that the environment names.
 */
export function sender(host: string, connectLimit = defaultLimits.connect): Send {
  const options = { connect: { timeout: connectLimit }, headersTimeout: 0, bodyTimeout: 0 };
  const dispatcher: Dispatcher = isLoopback(host) ? new Agent(options) : new EnvHttpProxyAgent(options);
  return async (url, init) => {
    // Another host than the configured one gets nothing, wherever this one points.
    const response = await undiciFetch(url, { ...init, dispatcher, redirect: 'manual' });
    if (!response.ok) throw await refusal(response, host);
    const { body, status, headers } = response;
    if (body === null || !headers.get('content-type')?.startsWith('application/x-ndjson')) return response;
    return new Response(body.pipeThrough(guardedBody(host)), { status, headers });
  };
}

/** The `ollama` client over `sender`. */
export function ollamaClients(host: string, limits: Limits = defaultLimits): ClientFor {
  const send = sender(host, limits.connect);
  return (signal) =>
    new Ollama({
      host,
      fetch: ((url: string | URL, init?: RequestInit) =>
        send(url, { ...init, signal })) as unknown as typeof fetch,
    });
}

/** The longest message of a server that is passed on to a person, characters. */
const longestMessage = 500;

/** How much of a refusal is read, characters. */
const longestRefusal = 65_536;

async function refusal(response: Response, host: string): Promise<ModelError> {
  const { status } = response;
  const text = await beginningOf(response);
  const said = errorIn(text) ?? text.slice(0, longestMessage);
  const reason = status === 404 ? 'model-missing' : 'http-error';
  return new ModelError(reason, `${host} answered ${status}: ${said}`, { status });
}

/** The text of a body, as far as an error could say anything in it. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (body === null) return text;
  // Leaving the loop closes the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > longestRefusal) break;
  }
  return text;
}

/** What Ollama (`error`), OpenAI (`error.message`) and vLLM (`message`) say in a refusal. */
const Refusal = z.union([
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

function errorIn(text: string): string | undefined {
  try {
    return Refusal.parse(JSON.parse(text)).slice(0, longestMessage);
  } catch {
    return undefined;
  }
}

/** What a connection says that was there and is gone. */
const brokenOff: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What messages call a kind of server, how it is started, and where its address is set. */
export interface ServerWords {
  readonly name: string;
  readonly start: string;
  readonly address: string;
}

const ollamaWords: ServerWords = {
  name: 'Ollama',
  start: 'Start Ollama: ollama serve',
  address: 'Check its address: the one that was named, or OLLAMA_HOST.',
};

/** Turns what a call failed with into a `ModelError`. */
export function asModelError(error: unknown, host: string, words: ServerWords = ollamaWords): ModelError {
  const causes = causeChain(error);
  const known = causes.find((cause) => ModelError.is(cause));
  if (known !== undefined) return known;
  const code = causes
    .map((cause) => (cause as { code?: unknown }).code)
    .find((found) => typeof found === 'string');
  if (code === 'ECONNREFUSED') {
    return new ModelError('refused', `Nothing listens at ${host}. ${words.start}`, {
      cause: error,
    });
  }
  if (code !== undefined && brokenOff.has(code)) {
    return new ModelError('unreachable', `${host} broke the connection off. Did ${words.name} stop?`, {
      cause: error,
    });
  }
  if (code !== undefined) {
    return new ModelError('unreachable', `${host} cannot be reached (${code}). ${words.address}`, {
      cause: error,
    });
  }
  // What `fetch` refuses by itself, such as a port that the Fetch standard blocks, has a cause without a code.
  if (error instanceof TypeError && error.cause instanceof Error) {
    return new ModelError(
      'unreachable',
      `${host} cannot be reached (${error.cause.message}). ${words.address}`,
      {
        cause: error,
      },
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  return new ModelError(
    'bad-response',
    `${host} does not answer as ${words.name} does (${said.slice(0, 80)}). ${words.address}`,
    {
      cause: error,
    },
  );
}

function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}
