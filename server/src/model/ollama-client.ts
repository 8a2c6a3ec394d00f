import { Ollama } from 'ollama';
import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, fetch as undiciFetch } from 'undici';
import { ModelError } from './model-error.ts';
import { isLoopback } from './ollama-host.ts';

/** How long a server may take, milliseconds. `firstToken` includes loading the model and reading the prompt. */
export interface Patience {
  readonly connect: number;
  readonly firstToken: number;
  readonly stall: number;
}

export const defaultPatience: Patience = { connect: 5_000, firstToken: 600_000, stall: 60_000 };

/** Makes clients for single calls: each carries its call's signal down to the socket. */
export type ClientFor = (signal: AbortSignal) => Ollama;

/**
 * Clients for one host. Node's own fetch gives up after 300 s without headers, and mixing it with another dispatcher
 * breaks, so both are undici's. Loopback is never asked through a proxy.
 */
export function ollamaClients(host: string, patience: Patience = defaultPatience): ClientFor {
  const options = {
    connect: { timeout: patience.connect },
    headersTimeout: patience.firstToken,
    bodyTimeout: patience.stall,
  };
  const dispatcher: Dispatcher = isLoopback(host) ? new Agent(options) : new EnvHttpProxyAgent(options);
  return (signal) =>
    new Ollama({
      host,
      fetch: ((input: string | URL, init?: Parameters<typeof undiciFetch>[1]) =>
        undiciFetch(input, { ...init, signal, dispatcher })) as unknown as typeof fetch,
    });
}

/** Turns what a call failed with into a `ModelError`; an abort stays what it is. */
export function asModelError(error: unknown, host: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof ModelError) return error;
  const causes = causeChain(error);
  const status = causes.find(hasStatus);
  if (status !== undefined) return httpError(status, host);
  if (
    causes.some(
      (cause) => cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError,
    )
  ) {
    return new ModelError('stalled', `${host} stopped sending. Look at Ollama's log; it may lack memory.`, {
      cause: error,
    });
  }
  const code = causes
    .map((cause) => (cause as { code?: unknown }).code)
    .find((found) => typeof found === 'string');
  if (code === 'ECONNREFUSED') {
    return new ModelError('refused', `Nothing listens at ${host}. Start Ollama: ollama serve`, {
      cause: error,
    });
  }
  if (causes.some((cause) => cause instanceof SyntaxError)) {
    return new ModelError('bad-response', `${host} sent what is no JSON. Is it Ollama?`, { cause: error });
  }
  if (code !== undefined) {
    return new ModelError('unreachable', `${host} cannot be reached (${code}). Check OLLAMA_HOST.`, {
      cause: error,
    });
  }
  const said = error instanceof Error ? error.message : String(error);
  return new ModelError('bad-response', `${host} failed: ${said}`, { cause: error });
}

function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

/** The client's `ResponseError`, which its module does not export. */
interface HttpFailure {
  readonly status_code: number;
  readonly error: string;
}

function hasStatus(error: unknown): error is HttpFailure {
  return typeof error === 'object' && error !== null && 'status_code' in error && 'error' in error;
}

function httpError({ status_code: status, error }: HttpFailure, host: string): ModelError {
  if (status === 404) return new ModelError('model-missing', `${host}: ${error}. Pull it: ollama pull MODEL`);
  return new ModelError('http-error', `${host} answered ${status}: ${error}`);
}
