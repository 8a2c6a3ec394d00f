import { installDebianPackages } from './debian-packages.mjs';
import { runProcess } from './run-process.mjs';
import { say } from './say.mjs';

/**
 * Sees that Debian packages are there: installed as root in CI, asked for on a person's machine. On systems without them
 * nothing is done; what is missing shows where it is needed.
 *
 * @param {readonly string[]} names
 * @param {AbortSignal | undefined} signal
 */
export async function needDebianPackages(names, signal) {
  const missing = await missingPackages(names, signal);
  if (missing.length > 0) await installDebianPackages(missing, { say, signal });
}

/**
 * @param {readonly string[]} names
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<string[]>}
 */
async function missingPackages(names, signal) {
  try {
    const { stdout } = await runProcess('dpkg-query', ['--list', ...names], { signal });
    const installed = [...stdout.matchAll(/^ii\s+([^\s:]+)/gm)].map(([, name]) => name);
    return names.filter((name) => !installed.includes(name));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}
