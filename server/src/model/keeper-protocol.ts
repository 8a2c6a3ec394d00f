import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** What a keeper is started with. */
export const KeeperOptions = z.object({
  /** Files of this keeper; see `keeperPlace`. */
  socket: z.string(),
  lock: z.string(),
  log: z.string(),
  binary: z.string(),
  host: z.string(),
  /** Folder of models; Ollama's own where absent. */
  models: z.string().optional(),
});
export type KeeperOptions = z.infer<typeof KeeperOptions>;

/** One line from the keeper to each client, once it is known. */
export const KeeperNews = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('failed'), detail: z.string() }),
]);
export type KeeperNews = z.infer<typeof KeeperNews>;

/** What a client may say: leave Ollama running when the last of us is gone. */
export const keepRequest = 'keep\n';

/** Where the keeper of an address has its files. */
export interface KeeperPlace {
  /** A folder that only its user may enter. */
  readonly folder: string;
  /** Where it listens: a socket in the folder, a named pipe on Windows. */
  readonly socket: string;
  /** Held by the one keeper that runs. */
  readonly lock: string;
  /** What Ollama says. */
  readonly log: string;
}

/** How long the path of a socket may be, bytes, on every system that has them. */
const longestSocketPath = 100;

/**
 * The place is in the cache folder. Where the path of a socket would become too long it is in a folder of the user's own
 * among the temporary files.
 */
export function keeperPlace(
  host: string,
  cacheFolder: string,
  platform: NodeJS.Platform = process.platform,
): KeeperPlace {
  const name = createHash('sha256').update(`${cacheFolder}\n${host}`).digest('hex').slice(0, 12);
  const usual = path.join(cacheFolder, 'run');
  const fits = Buffer.byteLength(path.join(usual, `${name}.sock`)) <= longestSocketPath;
  const own = path.join(os.tmpdir(), `autodidact-${os.userInfo().uid}`);
  const folder = platform === 'win32' || fits ? usual : own;
  return {
    folder,
    socket: platform === 'win32' ? `\\\\.\\pipe\\autodidact-${name}` : path.join(folder, `${name}.sock`),
    lock: path.join(folder, `${name}.lock`),
    log: path.join(folder, `${name}-ollama.log`),
  };
}
