import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './cache.mjs';
import { lastWords, runNpm } from './npm.mjs';
import { SetupError, step } from './say.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 */

/**
 * Installs the packages that `package-lock.json` names, where `node_modules` holds others.
 *
 * @param {string} root  The clone.
 * @param {{ offline: boolean, signal?: AbortSignal | undefined, node: string }} options  `node`: the Node that npm runs on.
 */
export async function installDependencies(root, { offline, signal, node }) {
  if (await areInstalled(root)) return;
  await withLock('npm-ci', async () => {
    if (await areInstalled(root)) return;
    await step('Installing the packages that package-lock.json names (npm ci)', async () => {
      const args = ['ci', '--prefix', root, ...(offline ? ['--offline'] : [])];
      const result = await runNpm(args, { cwd: root, signal, node });
      if (result.code === 0) return;
      throw new SetupError(
        'missing',
        `The packages could not be installed:\n${lastWords(result)}\n` +
          (offline
            ? 'Run once without --offline.'
            : 'Check that npm reaches its registry (npm ping), then run this again.'),
      );
    });
  });
}

/**
 * Whether `node_modules` holds what the lock file names. npm notes what it installed once it is done, so an interrupted
 * installation counts as none.
 *
 * @param {string} root
 */
async function areInstalled(root) {
  const locked = await readPackages(join(root, 'package-lock.json'));
  if (locked === undefined) {
    throw new SetupError('missing', `There is no readable package-lock.json in ${root}. Is the clone whole?`);
  }
  const installed = await readPackages(join(root, 'node_modules', '.package-lock.json'));
  return installed !== undefined && matches(locked, installed);
}

/**
 * Each locked package is there in its locked version, packages for other platforms excepted, and no other one is.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 */
export function matches(locked, installed) {
  const isSame = (/** @type {string} */ path) =>
    installed[path]?.version === locked[path]?.version &&
    installed[path]?.integrity === locked[path]?.integrity;
  const wanted = Object.keys(locked).filter((path) => path !== '');
  return (
    wanted.every(
      (path) => isSame(path) || (installed[path] === undefined && locked[path]?.optional === true),
    ) && Object.keys(installed).every((path) => locked[path] !== undefined)
  );
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, LockedPackage> | undefined>}
 */
async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch (error) {
    if (error instanceof SyntaxError || /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT')
      return undefined;
    throw error;
  }
}
