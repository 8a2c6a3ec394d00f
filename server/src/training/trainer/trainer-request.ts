import { setTimeout as wait } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import { TrainerProblem } from '../../../../protocol/trainer.ts';
import { backoff } from '../backoff.ts';
import {
  connectionFailure,
  excerpt,
  type ReceiverConnection,
  readAnswer,
  retryAfter,
} from '../receiver-connection.ts';
import { asTrainerError, TrainerError } from './trainer-error.ts';

/** What of time and chance asking uses. */
export interface AskingClock {
  /** Rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

export const realClock: AskingClock = {
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  random: () => Math.random(),
};

/** A trainer as it is spoken to. */
export interface TrainerLine extends ReceiverConnection {
  readonly url: URL;
  readonly clock: AskingClock;
}

/** One request. */
export interface Question {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Below the trainer's address, without a slash at its beginning. */
  readonly path: string;
  readonly json?: object;
  /** Lines of records, each ended. */
  readonly ndjson?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long until it answers, milliseconds, where that is not the connection's own patience: of what it has to compute first. */
  readonly answerMs?: number;
}

/** The longest answer that is read, bytes: a round's state tells of up to 65,536 records. */
const longestAnswer = 64 * 1024 * 1024;

/** How often something is asked in all before it counts as failed; with the pauses between, about a quarter of a minute. */
const tries = 6;

const temporary: ReadonlySet<unknown> = new Set(['unreachable', 'slow', 'busy']);

/**
 * Asks once and gives the answer's head, its body unread. Rejects with `TrainerError`: the trainer's own problem, `unreachable`,
 * `slow`, `not-a-trainer`, `bad-answer`; or as the signal says.
 */
export async function askOnce(
  line: TrainerLine,
  { method, path, json, ndjson, headers, answerMs }: Question,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { url, dispatcher } = line;
  const body = json === undefined ? ndjson : JSON.stringify(json);
  const type = json === undefined ? 'application/x-ndjson' : 'application/json';
  try {
    const answer = await request(new URL(path, base(url)), {
      method,
      dispatcher,
      signal,
      headers: { ...line.headers, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body }),
      ...(answerMs === undefined ? {} : { headersTimeout: answerMs }),
    });
    if (answer.statusCode < 200 || answer.statusCode >= 300) throw await refusal(answer, url);
    return answer;
  } catch (error) {
    throw asFailure(error, url, signal);
  }
}

/** Asks, again with growing pauses where what failed may pass, and gives the parsed answer. Rejects as `askOnce` does. */
export async function ask<T>(
  line: TrainerLine,
  question: Question,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  return patiently(line.clock, () => answerTo(line, question, schema, signal), signal);
}

/** Does something again, with growing pauses, where it failed for a reason that may pass. */
export async function patiently<T>(
  clock: AskingClock,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!TrainerError.is(error) || !temporary.has(error.reason) || failures >= tries) throw error;
      await clock.sleep(backoff(failures, clock.random, error.afterMs), signal);
    }
  }
}

async function answerTo<T>(
  line: TrainerLine,
  question: Question,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const { body } = await askOnce(line, question, signal);
  const bytes = await readAnswer(body, longestAnswer).catch((error: unknown) => {
    throw asFailure(error, line.url, signal);
  });
  const { host } = line.url;
  if (bytes.length > longestAnswer)
    throw new TrainerError('bad-answer', `${host} answers without an end. Check the address.`);
  const read = schema.safeParse(parsed(bytes.toString('utf8')));
  if (read.success) return read.data;
  const said = `${host} answered otherwise than a trainer does${excerpt(bytes.toString('utf8', 0, 400))}`;
  throw new TrainerError('bad-answer', `${said}. Check the address, and the trainer's version.`);
}

/** A trainer's address is that of a folder, whether it ends in a slash or not. */
function base(url: URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}

async function refusal(answer: Dispatcher.ResponseData, url: URL): Promise<TrainerError> {
  const text = (await readAnswer(answer.body, 64 * 1024)).toString('utf8');
  const problem = TrainerProblem.safeParse(parsed(text));
  const afterMs = retryAfter(answer.headers['retry-after']);
  if (problem.success) return asTrainerError(problem.data, url.host, afterMs);
  const { statusCode: status } = answer;
  const said = `${url.host} answered ${status}${excerpt(text)}.`;
  // Of a proxy before it.
  if (status === 429 || status === 502 || status === 503 || status === 504)
    return new TrainerError('busy', `${said} Wait a while, and train again.`, { afterMs });
  if (status === 401 || status === 403 || status === 407)
    return new TrainerError('unauthorised', `${said} Check AUTODIDACT_TRAINER_TOKEN.`);
  return new TrainerError('not-a-trainer', `${said} No trainer answers so: check the address.`);
}

/** What an exception of a request means. The signal's own reason is thrown. */
export function asFailure(error: unknown, url: URL, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  if (error instanceof TrainerError) return error;
  const { reason, detail } = connectionFailure(error, url);
  const message = `${detail} Check that a trainer runs there, and train again.`;
  return new TrainerError(reason, message, { cause: error });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
