import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type FileSystems, networkDriveOf, realFileSystems } from './network-drive.ts';
import { StoreError } from './store-error.ts';

export interface StorePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  /** The folder that a person named with `--store`; the user data folder where absent. */
  readonly storeFolder?: string;
  readonly fileSystems?: FileSystems;
}

/** The folder for a user's data: `~/.local/share`, `~/Library/Application Support`, `%LOCALAPPDATA%`. */
export function userDataFolder({
  env,
  platform = process.platform,
  home = os.homedir(),
}: StorePlace): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || path.win32.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'];
  // A relative path there is invalid and to be ignored (XDG Base Directory Specification).
  return xdg !== undefined && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, '.local', 'share');
}

/**
 * Path of a workspace folder's database: one per folder, named by the folder's real path, so that the command line and
 * every editor find the same. Makes nothing. Rejects with `network-drive` where the place is on one, since WAL needs a
 * local disk, and with `in-workspace` where a person named a place inside the folder.
 */
export async function storePath(folder: string, place: StorePlace): Promise<string> {
  const real = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    throw new StoreError('failed', `The folder ${folder} cannot be read (${error.code}). Check its path.`);
  });
  const storeFolder = path.resolve(
    place.storeFolder ?? path.join(userDataFolder(place), 'autodidact', folderHash(real)),
  );
  if (place.storeFolder !== undefined && isInside(await realPathOfNew(storeFolder), real)) {
    const message = `${storeFolder} is inside the workspace, where the records would be mined and shared with the code. Name a place outside of it with --store.`;
    throw new StoreError('in-workspace', message);
  }
  const drive = await networkDriveOf(storeFolder, place.fileSystems ?? realFileSystems);
  if (drive !== undefined) {
    const message = `${storeFolder} is on a network drive (${drive}), where SQLite cannot keep records safe. Name a folder on a local disk with --store, or set ${variableFor(place)}.`;
    throw new StoreError('network-drive', message);
  }
  return path.join(storeFolder, 'store.db');
}

/** 16 hex digits of SHA-256 of a folder's real path. */
function folderHash(real: string): string {
  return createHash('sha256').update(real).digest('hex').slice(0, 16);
}

function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || !(relative.split(path.sep)[0] === '..' || path.isAbsolute(relative));
}

/** The real path that a folder will have once it is made. */
async function realPathOfNew(folder: string): Promise<string> {
  const found = await realpath(folder).catch(() => undefined);
  if (found !== undefined || folder === path.dirname(folder)) return found ?? folder;
  return path.join(await realPathOfNew(path.dirname(folder)), path.basename(folder));
}

function variableFor({ platform = process.platform }: StorePlace): string {
  return platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_DATA_HOME';
}
