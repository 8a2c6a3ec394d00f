import { Agent, type Dispatcher, EnvHttpProxyAgent, errors, request } from 'undici';
import { type Batch, batchText } from './batch.ts';
import { bearerToken, type Environment } from './bearer-token.ts';
import { StreamError } from './stream-error.ts';
import type { Delivery, Target } from './target.ts';

/** How long a receiver may take, milliseconds: to connect, until it answers, between parts of its answer. */
export interface ReceiverPatience {
  readonly connect: number;
  readonly answer: number;
  readonly stall: number;
}

const defaultPatience: ReceiverPatience = { connect: 5_000, answer: 60_000, stall: 10_000 };

/** How much of an answer is read; more is nobody's acknowledgement. */
const longestAnswer = 64 * 1024;

/**
 * A receiver that groups are sent to with POST, as NDJSON. A whole answer with a 2xx status acknowledges the whole batch.
 * Redirections are not followed, since the token would follow too. Rejects with `bad-target` or `token`.
 */
export async function httpTarget(
  url: URL,
  env: Environment,
  patience: ReceiverPatience = defaultPatience,
): Promise<Target> {
  if (url.username !== '' || url.password !== '') {
    const message =
      'A password in the address can be seen by others. Put a token into AUTODIDACT_STREAM_TOKEN instead.';
    throw new StreamError('bad-target', message);
  }
  const token = await bearerToken(env);
  if (token !== undefined && url.protocol === 'http:' && !isLoopback(url)) {
    const message = `The token would go to ${url.host} in the clear. Use https, or stream to this machine through a tunnel.`;
    throw new StreamError('token', message);
  }
  const dispatcher = dispatcherFor(url, env, patience);
  const headers = {
    'content-type': 'application/x-ndjson',
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    name: url.href,
    deliver: async (batch, signal) => {
      try {
        return await post(url, batch, { dispatcher, headers, signal });
      } catch (error) {
        signal.throwIfAborted();
        return failed(error, url);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

interface Sending {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function post(url: URL, batch: Batch, { dispatcher, headers, signal }: Sending): Promise<Delivery> {
  const body = batchText(batch);
  const answer = await request(url, { method: 'POST', body, headers, dispatcher, signal });
  const text = await readAnswer(answer.body);
  const { statusCode: status } = answer;
  const said = `${url.host} answered ${status}${excerpt(text)}`;
  if (status >= 200 && status < 300) {
    if (String(answer.headers['content-type']).startsWith('text/html')) {
      const detail = `${url.host} answered with a web page. Check the address, or sign in to the network.`;
      return { outcome: 'stop', reason: 'rejected', detail };
    }
    return { outcome: 'delivered' };
  }
  if (status >= 300 && status < 400) {
    return { outcome: 'stop', reason: 'redirected', detail: `${said}. Name the final address.` };
  }
  if (status === 401 || status === 403 || status === 407) {
    return { outcome: 'stop', reason: 'unauthorised', detail: `${said}. Check AUTODIDACT_STREAM_TOKEN.` };
  }
  if (status === 413) return { outcome: 'too-large', detail: said };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const reason = status >= 500 && status !== 503 ? 'server-error' : 'busy';
    const afterMs = retryAfter(answer.headers['retry-after']);
    return { outcome: 'later', reason, detail: said, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  return {
    outcome: 'stop',
    reason: 'rejected',
    detail: `${said}. Check the address and the receiver's log.`,
  };
}

function failed(error: unknown, url: URL): Delivery {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return { outcome: 'later', reason: 'slow', detail: `${url.host} takes too long to answer.` };
  }
  const { code } = error as { code?: unknown };
  const why = typeof code === 'string' ? code : String(error);
  return { outcome: 'later', reason: 'unreachable', detail: `${url.host} cannot be reached (${why}).` };
}

/** Reads an answer to its end, keeping the beginning. One that never ends is cut off. */
async function readAnswer(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    const buffer = part as Buffer;
    bytes += buffer.length;
    parts.push(buffer);
    if (bytes > longestAnswer) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A little of what a receiver said, as one line without control characters. */
function excerpt(text: string): string {
  const line = text
    .slice(0, 200)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? '' : `: ${line}`;
}

/** `Retry-After` in milliseconds: a number of seconds; a date is left to our own patience. */
function retryAfter(header: string | readonly string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** One connection at a time. This machine is never asked through a proxy. */
function dispatcherFor(url: URL, env: Environment, { connect, answer, stall }: ReceiverPatience): Dispatcher {
  const options = {
    connect: { timeout: connect },
    headersTimeout: answer,
    bodyTimeout: stall,
    connections: 1,
  };
  if (isLoopback(url)) return new Agent(options);
  const proxy = (name: string) => env[name] ?? env[name.toUpperCase()] ?? '';
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxy('http_proxy'),
    httpsProxy: proxy('https_proxy'),
    noProxy: proxy('no_proxy'),
  });
}
