import { type Dispatcher, request } from 'undici';
import { type Batch, batchText } from './batch.ts';
import type { Environment } from './bearer-token.ts';
import {
  connectionFailure,
  excerpt,
  type ReceiverPatience,
  readAnswer,
  receiverConnection,
  retryAfter,
} from './receiver-connection.ts';
import type { Delivery, Target } from './target.ts';

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
  const options = { env, tokenIn: 'AUTODIDACT_STREAM_TOKEN', patience, connections: 1 } as const;
  const { dispatcher, headers: token } = await receiverConnection(url, options);
  const headers = { 'content-type': 'application/x-ndjson', accept: 'application/json', ...token };
  return {
    name: url.href,
    deliver: async (batch, signal) => {
      try {
        return await post(url, batch, { dispatcher, headers, signal });
      } catch (error) {
        signal.throwIfAborted();
        return { outcome: 'later', ...connectionFailure(error, url) };
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
  const text = (await readAnswer(answer.body, longestAnswer)).toString('utf8');
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
