import os from 'node:os';
import path from 'node:path';

/**
 * The folder that everything downloaded or built lives in: `AUTODIDACT_CACHE`, else the platform's folder for caches.
 * The set-up scripts have the same rule for Nodes that cannot load this file; a test compares the two.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = env['AUTODIDACT_CACHE'];
  if (named) return path.resolve(named);
  const home = os.homedir();
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'autodidact', 'Cache');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'autodidact');
  const xdg = env['XDG_CACHE_HOME'];
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'autodidact');
}
