import { statfs } from 'node:fs/promises';
import { isLoopback } from '../../model/ollama-host.ts';
import { PublishError } from './publish-error.ts';

/** Free bytes of the file system of a folder; undefined where that cannot be told. */
export type FreeBytes = (folder: string) => Promise<number | undefined>;

/** What must stay free behind a file of weights, bytes. */
const reserve = 256 * 1024 * 1024;

/** Asks the operating system. */
export const freeBytes: FreeBytes = (folder) =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    // Of a server in a container, or one of another user.
    () => undefined,
  );

/** What is left, bytes, where so many more do not fit into a folder; undefined where they do, or where that cannot be told. */
export async function tooLittleRoom(
  folder: string,
  bytes: number,
  free: FreeBytes,
): Promise<number | undefined> {
  const left = await free(folder);
  return left === undefined || left >= bytes + reserve ? undefined : left;
}

/** Rejects with `no-room` where a file does not fit beside the server's models, as far as this machine can tell. */
export async function checkRoom(
  bytes: number,
  { host, blobs }: { readonly host: string; readonly blobs: string | undefined },
  free: FreeBytes,
): Promise<void> {
  if (blobs === undefined || !isLoopback(host)) return;
  const left = await tooLittleRoom(blobs, bytes, free);
  if (left === undefined) return;
  const megabytes = (count: number) => `${Math.ceil(count / 1e6)} MB`;
  throw new PublishError(
    'no-room',
    `The candidate takes ${megabytes(bytes)}, and ${blobs} has ${megabytes(left)} left of which ${megabytes(reserve)} must stay free. Delete models (ollama rm) or prune candidates.`,
  );
}
