import { createHash } from 'node:crypto';
import { realpath, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StoreError } from './store-error.ts';

export interface StorePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  /** The folder that a person named with `--store`; the user data folder where absent. */
  readonly storeFolder?: string;
}

/** The folder for a user's data: `~/.local/share`, `~/Library/Application Support`, `%LOCALAPPDATA%`. */
export function userDataFolder({
  env,
  platform = process.platform,
  home = os.homedir(),
}: StorePlace): string {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'];
  // A relative path there is invalid and to be ignored (XDG Base Directory Specification).
  return xdg !== undefined && path.posix.isAbsolute(xdg) ? xdg : join(home, '.local', 'share');
}

/**
 * Path of a workspace folder's database: one per folder, named by the folder's real path, so that the command line and
 * every editor find the same. Rejects with `network-drive` where the place is on one, since WAL needs a local disk.
 */
export async function storePath(folder: string, place: StorePlace): Promise<string> {
  const storeFolder =
    place.storeFolder ?? path.join(userDataFolder(place), 'autodidact', await folderName(folder));
  await refuseNetworkDrive(storeFolder, place.platform ?? process.platform);
  return path.join(path.resolve(storeFolder), 'store.db');
}

async function folderName(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 16);
}

/** File system types of `statfs(2)` that live on another machine: NFS, SMB, SMB2, CIFS, AFS, Ceph, 9P. */
const networkTypes: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x5346414f, 0x00c36400, 0x01021997,
]);

async function refuseNetworkDrive(folder: string, platform: NodeJS.Platform): Promise<void> {
  if (platform !== 'linux') return;
  const found = await nearestStatfs(path.resolve(folder));
  if (found === undefined || !networkTypes.has(found.type)) return;
  throw new StoreError(
    'network-drive',
    `${folder} is on a network drive, where SQLite cannot keep records safe. Name a folder on a local disk with --store, or set XDG_DATA_HOME.`,
  );
}

async function nearestStatfs(folder: string): Promise<{ readonly type: number } | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = await statfs(at).catch(() => undefined);
    if (found !== undefined) return found;
    if (at === path.dirname(at)) return undefined;
  }
}
