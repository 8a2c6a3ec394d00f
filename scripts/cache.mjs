import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { holdLock } from './lock.mjs';
import { isRunning } from './running.mjs';
import { say } from './say.mjs';

/**
 * The folder that everything downloaded or built outside of the clone lives in: `AUTODIDACT_CACHE`, else the platform's
 * folder for caches.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string}
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env['AUTODIDACT_CACHE']) return resolve(env['AUTODIDACT_CACHE']);
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'autodidact', 'Cache');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'autodidact');
  // The XDG specification has a relative path ignored.
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'autodidact');
}

/**
 * Runs `action` while no other process of this machine runs one under the same name; see `holdLock`.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @param {import('./lock.mjs').LockOptions} [options]
 * @returns {Promise<T>}
 */
export function withLock(name, action, options) {
  const onWait = (/** @type {{ pid: number, file: string }} */ { pid, file }) =>
    say(`• Waiting for process ${pid}, which is at the same (${file})`);
  return holdLock(join(cacheFolder(), 'locks', name), action, { onWait, ...options });
}

/**
 * Makes a file or folder appear whole or not at all: `build` writes it under another name in the same folder, and it is
 * renamed when `build` is done. What an interrupted build left behind is removed by the next one.
 *
 * @template T
 * @param {string} finalPath
 * @param {(temporaryPath: string) => Promise<T>} build  Makes a file or a folder at that path, where nothing is yet.
 * @returns {Promise<T>}  What `build` returned.
 */
export async function replaceAtomically(finalPath, build) {
  const folder = dirname(finalPath);
  await mkdir(folder, { recursive: true });
  await sweep(folder, basename(finalPath));
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const temporaryPath = join(folder, `${basename(finalPath)}.new-${mark}`);
  try {
    const result = await build(temporaryPath);
    await moveOver(temporaryPath, finalPath, join(folder, `${basename(finalPath)}.old-${mark}`));
    return result;
  } finally {
    await rm(temporaryPath, { recursive: true, force: true });
  }
}

/**
 * @param {string} from
 * @param {string} to
 * @param {string} aside  Where the former `to` goes, if it is a folder.
 */
async function moveOver(from, to, aside) {
  try {
    await rename(from, to);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // A folder that is not empty cannot be renamed over.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EISDIR', 'ENOTDIR'].includes(code ?? '')) throw error;
    await rename(to, aside);
    await rename(from, to);
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Removes what processes that are gone left of a build.
 *
 * @param {string} folder
 * @param {string} name
 */
async function sweep(folder, name) {
  for (const entry of await readdir(folder)) {
    const mark = ['.new-', '.old-'].find((part) => entry.startsWith(name + part));
    if (mark === undefined) continue;
    const pid = Number.parseInt(entry.slice(name.length + mark.length), 10);
    if (pid !== process.pid && !isRunning(pid))
      await rm(join(folder, entry), { recursive: true, force: true });
  }
}
