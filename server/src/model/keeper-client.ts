import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { entryPoint } from '../entry-point.ts';
import { KeeperNews, type KeeperOptions, type KeeperPlace, keepRequest } from './keeper-protocol.ts';
import { ModelError } from './model-error.ts';

/** A hold on the Ollama that a keeper runs: it lives as long as somebody holds it. The death of a process lets go too. */
export interface Hold {
  release(): void;
}

/** How long keepers may take to listen, milliseconds: a Node to start on a busy machine, or an earlier keeper to end. */
const listenMs = 30_000;

/**
 * Joins the keeper that listens at a place, once its Ollama answers; undefined where none runs, or it is just ending.
 * Rejects with `unreachable` where its Ollama could not be started.
 */
export async function joinKeeper(
  { socket: address }: KeeperPlace,
  keep: boolean,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const socket = await connected(address);
  if (socket === undefined) return undefined;
  try {
    if (keep) socket.write(keepRequest);
    const news = await firstNews(socket, signal);
    if (news === undefined) return undefined;
    if (news.state === 'failed') throw new ModelError('unreachable', news.detail);
    // A hold does not keep its process alive: when the process is done, the hold goes with it.
    socket.unref();
    return { release: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Starts a keeper that runs `binary` unless one runs already, and joins it. Rejects with `unreachable`. */
export async function startKeeper(
  place: KeeperPlace,
  { binary, host, models }: Pick<KeeperOptions, 'binary' | 'host' | 'models'>,
  keep: boolean,
  signal: AbortSignal,
): Promise<Hold> {
  await makePrivate(place.folder);
  const { socket, lock, log } = place;
  const options: KeeperOptions = {
    socket,
    lock,
    log,
    binary,
    host,
    ...(models === undefined ? {} : { models }),
  };
  const giveUp = performance.now() + listenMs;
  let keeper = spawnKeeper(options, place);
  while (performance.now() < giveUp) {
    const hold = await joinKeeper(place, keep, signal);
    if (hold !== undefined) return hold;
    if ((keeper.exitCode ?? 0) !== 0 || keeper.signalCode !== null) break;
    // It found another one, which is only starting, or ending.
    if (keeper.exitCode === 0) keeper = spawnKeeper(options, place);
    await wait(50, undefined, { signal });
  }
  throw new ModelError('unreachable', `its keeper did not start; see ${keeperLog(place)}`);
}

function spawnKeeper(options: KeeperOptions, place: KeeperPlace): ChildProcess {
  const output = openSync(keeperLog(place), 'a', 0o600);
  const keeper = spawn(process.execPath, [entryPoint('ollama-keeper'), JSON.stringify(options)], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    windowsHide: true,
  });
  closeSync(output);
  keeper.unref();
  return keeper;
}

function keeperLog({ folder }: KeeperPlace): string {
  return path.join(folder, 'keeper.log');
}

/** A folder that only we may enter. Among the temporary files another user could have made it first. */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new ModelError(
      'unreachable',
      `${folder} belongs to somebody else. Set AUTODIDACT_CACHE to a short path.`,
    );
  }
  await chmod(folder, 0o700);
}

function connected(address: string): Promise<net.Socket | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
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
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    for await (const line of lines) return KeeperNews.parse(JSON.parse(line));
    signal.throwIfAborted();
    return undefined;
  } catch (error) {
    // A keeper that leaves while it is listened to has nothing to say; what it cannot say is another's error.
    if (error === socket.errored && !signal.aborted) return undefined;
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
