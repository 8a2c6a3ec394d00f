import { access, constants, readdir } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { ModelError } from './model-error.ts';
import { ollamaEndpoint } from './ollama.ts';
import { isLoopback, ollamaHost } from './ollama-host.ts';
import { type Hold, joinKeeper, startKeeper } from './ollama-process.ts';

export interface ConnectOptions {
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

/**
 * Finds Ollama: the server at `OLLAMA_HOST` if it answers, else `ollama` on PATH, else the one that set-up acquired, both
 * started on loopback. Rejects with `not-installed`, `refused` or `unreachable`, saying each way tried and what to do.
 */
export async function connect(
  { env, keep, start = true }: ConnectOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const host = ollamaHost(env);
  const cache = cacheFolder(env);
  const runFolder = path.join(cache, 'run');
  const tried: string[] = [];
  // Before the probe: one that a keeper runs answers too, and must not end while we use it.
  const joined = await joinKeeper(host, runFolder, keep, signal);
  if (joined !== undefined) return connection(host, 'started', joined);

  const probe = await ollamaEndpoint({ host }).probe(signal);
  if (probe.state === 'ready') return { host, how: 'running', close: () => Promise.resolve() };
  tried.push(`the server at ${host}: ${probe.detail}`);
  if (probe.state !== 'refused' || !isLoopback(host) || !start) {
    throw new ModelError(probe.state === 'not-ollama' ? 'bad-response' : probe.state, nowhere(tried, host));
  }

  const onPath = await findOnPath('ollama', env);
  const acquired = env['AUTODIDACT_OLLAMA'] ?? (await findAcquired(cache));
  if (onPath === undefined) tried.push('`ollama` on PATH: not there');
  if (acquired === undefined) tried.push(`one of our own in ${path.join(cache, 'ollama')}: not there`);
  const candidates = [
    ...(onPath === undefined ? [] : [{ binary: onPath }]),
    ...(acquired === undefined ? [] : [{ binary: acquired, models: path.join(cache, 'models') }]),
  ];
  for (const candidate of candidates) {
    try {
      return connection(host, 'started', await startKeeper({ ...candidate, host, runFolder, keep }, signal));
    } catch (error) {
      if (!ModelError.is(error)) throw error;
      tried.push(`${candidate.binary}: ${error.message}`);
    }
  }
  throw new ModelError(candidates.length === 0 ? 'not-installed' : 'unreachable', nowhere(tried, host));
}

function connection(host: string, how: Connection['how'], hold: Hold): Connection {
  return {
    host,
    how,
    close: () => {
      hold.release();
      return Promise.resolve();
    },
  };
}

function nowhere(tried: readonly string[], host: string): string {
  const todo = isLoopback(host)
    ? 'Install Ollama from its page and start it (ollama serve), or run `npm start` in a clone of Autodidact, which acquires it.'
    : 'Start Ollama on that machine, or unset OLLAMA_HOST to use this one.';
  return ['No Ollama can be used. Tried:', ...tried.map((way) => `  - ${way}`), todo].join('\n');
}

async function findOnPath(name: string, env: ConnectOptions['env']): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, file);
    if (path.isAbsolute(candidate) && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

/** The binary that set-up keeps in the cache, newest version first by name. */
async function findAcquired(cache: string): Promise<string | undefined> {
  const file = process.platform === 'win32' ? 'ollama.exe' : 'ollama';
  const kept = await readdir(path.join(cache, 'ollama')).catch(() => []);
  for (const name of kept.sort().reverse()) {
    const candidate = path.join(cache, 'ollama', name, 'bin', file);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
