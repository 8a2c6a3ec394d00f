import { join } from 'node:path';
import { isBuilt } from './build-stamp.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError } from './say.mjs';

/**
 * Builds `dist` where the sources changed.
 *
 * @param {string} root  The clone.
 * @param {{ node?: string, signal?: AbortSignal }} [options]  `node`: a Node 24; the one that runs us where absent.
 */
export async function ensureBuilt(root, { node = process.execPath, signal } = {}) {
  if (await isBuilt(root)) return;
  const { code, stderr } = await runProcess(node, [join(root, 'scripts/build.mjs')], { cwd: root, signal });
  if (code !== 0) throw new SetupError('failed', `The build failed:\n${stderr.trim()}`);
}
