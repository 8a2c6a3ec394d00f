import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';

/** What a keeper is started with. */
export const KeeperOptions = z.object({
  socket: z.string(),
  binary: z.string(),
  host: z.string(),
  /** Folder of models; Ollama's own where absent. */
  models: z.string().optional(),
  log: z.string(),
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

/**
 * Where the keeper of an address listens: a socket in a folder that only its user can enter, a named pipe on Windows. The
 * name is short, since a socket's path may have about 100 bytes.
 */
export function keeperSocket(host: string, runFolder: string): string {
  const name = createHash('sha256').update(`${runFolder}\n${host}`).digest('hex').slice(0, 12);
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\autodidact-${name}`
    : path.join(runFolder, `${name}.sock`);
}
