import path from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { acquiredOllama, findOnPath } from './acquired-ollama.ts';
import { type Hold, joinKeeper, startKeeper } from './keeper-client.ts';
import { keeperPlace } from './keeper-protocol.ts';
import { ModelError } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import { isLoopback, ollamaHost } from './ollama-host.ts';

export interface ConnectOptions {
  /** `OLLAMA_HOST`, `PATH`, `AUTODIDACT_CACHE`, and `AUTODIDACT_OLLAMA`: the binary that set-up acquired. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Leave an Ollama that we started running when the last of our processes is gone. */
  readonly keep: boolean;
  /** Whether an installed Ollama may be started; otherwise only a running one is used. */
  readonly start?: boolean;
}

/** A server that answers. `close` lets go of it: one that we started ends with its last user. */
export interface Connection {
  readonly host: string;
  readonly how: 'running' | 'started';
  close(): Promise<void>;
}

/** An Ollama that can be started. */
interface Candidate {
  readonly binary: string;
  /** One that we acquired keeps its models in our cache; an installed one has a folder of its own. */
  readonly models?: string;
}

/**
 * Finds Ollama: the server at `OLLAMA_HOST` if it answers, else `ollama` on PATH, else the one that set-up acquired, both
 * started on loopback. Rejects with `not-installed`, `refused`, `unreachable`, `too-old` or `bad-response` and one message:
 * each way tried, why it failed, what to do.
 */
export async function connect(
  { env, keep, start = true }: ConnectOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const host = ollamaHost(env);
  const cache = cacheFolder(env);
  const place = keeperPlace(host, cache);
  const tried: string[] = [];
  // Before the probe: one that a keeper runs answers too, and must not end while we use it.
  const joined = await joinStarted();
  if (joined !== undefined) return connection(host, joined);

  const probe = await ollamaEndpoint({ host }).probe(signal);
  if (probe.state === 'ready') return { host, how: 'running', close: () => Promise.resolve() };
  tried.push(`the server at ${host}: ${probe.detail}`);
  if (probe.state !== 'refused' || !isLoopback(host) || !start) {
    throw new ModelError(
      probe.state === 'not-ollama' ? 'bad-response' : probe.state,
      nowhere(tried, host, isLoopback(host)),
    );
  }

  const onPath = await findOnPath('ollama', env);
  const acquired = env['AUTODIDACT_OLLAMA'] ?? (await acquiredOllama(cache));
  if (onPath === undefined) tried.push('`ollama` on PATH: not there');
  if (acquired === undefined) tried.push(`one of our own in ${path.join(cache, 'ollama')}: not there`);
  const candidates: Candidate[] = [
    ...(onPath === undefined ? [] : [{ binary: onPath }]),
    ...(acquired === undefined ? [] : [{ binary: acquired, models: path.join(cache, 'models') }]),
  ];
  for (const candidate of candidates) {
    try {
      return connection(host, await startKeeper(place, { ...candidate, host }, keep, signal));
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      tried.push(`${candidate.binary}: ${error.message}`);
    }
  }
  throw new ModelError(candidates.length === 0 ? 'not-installed' : 'unreachable', nowhere(tried, host));

  async function joinStarted(): Promise<Hold | undefined> {
    try {
      return await joinKeeper(place, keep, signal);
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      tried.push(`the one that another process was starting: ${error.message}`);
      return undefined;
    }
  }
}

function connection(host: string, hold: Hold): Connection {
  const close = () => {
    hold.release();
    return Promise.resolve();
  };
  return { host, how: 'started', close };
}

function nowhere(tried: readonly string[], host: string, taken = false): string {
  const todo = taken
    ? 'Something else has that address: set OLLAMA_HOST to where Ollama is, or to a free port of this machine.'
    : isLoopback(host)
      ? 'Install Ollama and start it (ollama serve), or run `npm start` in a clone of Autodidact, which acquires it.'
      : 'Start Ollama on that machine, or unset OLLAMA_HOST to use this one.';
  return ['No Ollama can be used. Tried:', ...tried.map((way) => `  - ${way}`), todo].join('\n');
}
