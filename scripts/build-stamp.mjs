import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the bundles are made of. */
const inputs = [
  'client/src',
  'protocol',
  'server/src',
  'test/redteam',
  'trainer/autodidact_trainer',
  'trainer/requirements.txt',
  'scripts/build.mjs',
  'package.json',
  'package-lock.json',
];

/**
 * Whether `dist` was built from the sources as they are now.
 *
 * @param {string} root  The clone.
 */
export async function isBuilt(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && (await readFile(stamp, 'utf8')) === (await hashInputs(root));
}

/**
 * Notes that `dist` was built from sources with this hash.
 *
 * @param {string} root
 * @param {string} hash  Of the inputs as they were before the build, so that an edit during it counts as one after it.
 */
export async function noteBuilt(root, hash) {
  await writeFile(stampFile(root), hash);
}

/**
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function hashInputs(root) {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(inputs.map((input) => list(root, input)))).flat()) {
    hash.update(`${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'dist', '.built');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function list(root, path) {
  // Folders have no extension here.
  if (/\.[a-z]+$/.test(path)) return [path];
  const entries = await readdir(join(root, path), { recursive: true });
  return entries
    .filter((entry) => /\.[a-z]+$/.test(entry) && !/\.test\.|__pycache__/.test(entry))
    .map((entry) => join(path, entry))
    .sort();
}
