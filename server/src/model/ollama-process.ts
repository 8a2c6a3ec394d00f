import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { entryPoint } from '../entry-point.ts';
import { KeeperNews, type KeeperOptions, keeperSocket, keepRequest } from './keeper-protocol.ts';
import { ModelError } from './model-error.ts';

/** A hold on the Ollama that a keeper runs. */
export interface Hold {
  release(): void;
}

/** How long a keeper may take to listen, milliseconds: a Node to start on a busy machine. */
const listenMs = 15_000;

/** Joins the keeper of an address; undefined where none runs. Resolves once its Ollama answers. */
export async function joinKeeper(
  host: string,
  runFolder: string,
  keep: boolean,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const socket = await connected(keeperSocket(host, runFolder));
  if (socket === undefined) return undefined;
  try {
    if (keep) socket.write(keepRequest);
    const news = await firstNews(socket, signal);
    if (news === undefined) return undefined;
    if (news.state === 'failed') throw new ModelError('unreachable', news.detail);
    // Holding it must not keep the process alive: when the process is done, the hold goes with it.
    socket.unref();
    return { release: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Starts a keeper that runs `binary`, and joins it. */
export async function startKeeper(
  {
    binary,
    host,
    models,
    runFolder,
    keep,
  }: Pick<KeeperOptions, 'binary' | 'host' | 'models'> & { runFolder: string; keep: boolean },
  signal: AbortSignal,
): Promise<Hold> {
  await mkdir(runFolder, { recursive: true, mode: 0o700 });
  const socket = keeperSocket(host, runFolder);
  // Nobody listened there a moment ago: what is left is of a keeper that was killed.
  if (process.platform !== 'win32') await rm(socket, { force: true });
  const options: KeeperOptions = {
    socket,
    binary,
    host,
    log: path.join(runFolder, 'ollama.log'),
    ...(models === undefined ? {} : { models }),
  };
  const keeper = spawn(process.execPath, [entryPoint('ollama-keeper'), JSON.stringify(options)], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  keeper.unref();
  for (const giveUp = Date.now() + listenMs; Date.now() < giveUp; await wait(50, undefined, { signal })) {
    const hold = await joinKeeper(host, runFolder, keep, signal);
    if (hold !== undefined) return hold;
  }
  throw new ModelError(
    'unreachable',
    `Ollama could not be started from ${binary}; its log is ${options.log}`,
  );
}

function connected(path: string): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // A keeper that dies later shows as a model that does not answer.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}

/** The keeper's first line; undefined where it left without one. */
async function firstNews(socket: net.Socket, signal: AbortSignal): Promise<KeeperNews | undefined> {
  const lines = readline.createInterface({ input: socket });
  const abort = () => socket.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    for await (const line of lines) return KeeperNews.parse(JSON.parse(line));
    signal.throwIfAborted();
    return undefined;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
