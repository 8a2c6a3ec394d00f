import type { Ollama } from 'ollama';
import { ModelError } from './model-error.ts';
import { asModelError, type ClientFor } from './ollama-client.ts';
import { watchdog } from './watchdog.ts';

/** Asks one question that is answered in one piece, within a limit in milliseconds; resolves to the parsed answer. */
export type Ask = <T>(
  question: (client: Ollama) => Promise<unknown>,
  answer: { parse(said: unknown): T },
  limit: number,
  signal: AbortSignal,
) => Promise<T>;

/** Questions to one host. They reject with `ModelError`, or as the signal says. */
export function asker(host: string, clientFor: ClientFor): Ask {
  return async (question, answer, limit, signal) => {
    const patience = watchdog();
    patience.expect(
      limit,
      () => new ModelError('timed-out', `${host} did not answer within ${limit / 1000} s. Is it overloaded?`),
    );
    try {
      return answer.parse(await question(clientFor(AbortSignal.any([signal, patience.signal]))));
    } catch (error) {
      signal.throwIfAborted();
      throw asModelError(error, host);
    } finally {
      patience.stop();
    }
  };
}
