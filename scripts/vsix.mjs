import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { replaceAtomically } from './cache.mjs';

/**
 * Packages the extension as it is built now: what `.vscodeignore` lets in, and no `node_modules`.
 *
 * @param {string} root  The clone.
 * @returns {Promise<{ path: string, bytes: number, files: string[] }>}
 */
export async function buildVsix(root) {
  const path = join(root, 'dist', 'autodidact.vsix');
  /** @type {import('@vscode/vsce').IPackageOptions} */
  const options = {
    cwd: root,
    // Everything is bundled.
    dependencies: false,
    // There need be no public repository that links in README.md could point into.
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  };
  await replaceAtomically(path, (temporary) =>
    quietly(() => createVSIX({ ...options, packagePath: temporary })),
  );
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  return { path, bytes: (await stat(path)).size, files };
}

/**
 * The packager prints to standard output; what it has to say when it fails is in its error.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function quietly(action) {
  const { log } = console;
  console.log = () => {};
  try {
    return await action();
  } finally {
    console.log = log;
  }
}
