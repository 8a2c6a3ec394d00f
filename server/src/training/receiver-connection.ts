import { Agent, type Dispatcher, EnvHttpProxyAgent, errors } from 'undici';
import { isLoopback } from '../model/ollama-host.ts';
import { bearerToken, type Environment, type TokenVariable } from './bearer-token.ts';
import { StreamError } from './stream-error.ts';

/** How long a receiver may take, milliseconds: to connect, until it answers, between parts of its answer. */
export interface ReceiverPatience {
  readonly connect: number;
  readonly answer: number;
  readonly stall: number;
}

/** How a receiver of records is spoken to. */
export interface ReceiverConnection {
  readonly dispatcher: Dispatcher;
  /** With the token, where there is one. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConnectionOptions {
  /** Where the token and the proxies are looked up. */
  readonly env: Environment;
  readonly tokenIn: TokenVariable;
  readonly patience: ReceiverPatience;
  /** Connections at once. */
  readonly connections: number;
}

/**
 * Makes ready to speak to a receiver; connects to nothing yet. The token goes to this machine or over TLS only. Rejects with
 * `StreamError`: `bad-target`, `token`.
 */
export async function receiverConnection(
  url: URL,
  { env, tokenIn, patience, connections }: ConnectionOptions,
): Promise<ReceiverConnection> {
  if (url.username !== '' || url.password !== '') {
    const message = `A password in the address can be seen by others. Put a token into ${tokenIn} instead.`;
    throw new StreamError('bad-target', message);
  }
  const token = await bearerToken(env, tokenIn);
  if (token !== undefined && url.protocol === 'http:' && !isLoopback(url.href)) {
    const message = `The token would go to ${url.host} in the clear. Use https, or stream to this machine through a tunnel.`;
    throw new StreamError('token', message);
  }
  const dispatcher = dispatcherFor(url, env, patience, connections);
  return { dispatcher, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
}

/** Why nothing came back from a receiver, or not in time: both may pass. */
export function connectionFailure(
  error: unknown,
  { host }: URL,
): { readonly reason: 'slow' | 'unreachable'; readonly detail: string } {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return { reason: 'slow', detail: `${host} takes too long to answer.` };
  const { code } = error as { code?: unknown };
  const why = typeof code === 'string' ? code : String(error);
  return { reason: 'unreachable', detail: `${host} cannot be reached (${why}).` };
}

/** Reads an answer to its end, keeping the beginning: a little more than `most` bytes. One that never ends is cut off. */
export async function readAnswer(body: Dispatcher.ResponseData['body'], most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    const buffer = part as Buffer;
    bytes += buffer.length;
    parts.push(buffer);
    if (bytes > most) break;
  }
  return Buffer.concat(parts);
}

/** A little of what a receiver said, as one line without control characters. */
export function excerpt(text: string): string {
  const line = text
    .slice(0, 200)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? '' : `: ${line}`;
}

/** `Retry-After` in milliseconds: a number of seconds; a date is left to our own patience. */
export function retryAfter(header: string | readonly string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** This machine is never asked through a proxy. */
function dispatcherFor(
  url: URL,
  env: Environment,
  { connect, answer, stall }: ReceiverPatience,
  connections: number,
): Dispatcher {
  const options = {
    connect: { timeout: connect },
    headersTimeout: answer,
    bodyTimeout: stall,
    connections,
  };
  if (isLoopback(url.href)) return new Agent(options);
  const proxy = (name: string) => env[name] ?? env[name.toUpperCase()] ?? '';
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxy('http_proxy'),
    httpsProxy: proxy('https_proxy'),
    noProxy: proxy('no_proxy'),
  });
}
