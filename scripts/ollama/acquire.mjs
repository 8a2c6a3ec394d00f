import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceAtomically } from '../cache.mjs';
import { holdLock } from '../lock.mjs';
import { runProcess } from '../run-process.mjs';
import { SetupError } from '../say.mjs';
import { acquiredBinary, acquiredFolder } from './acquired-folder.mjs';
import { buildFromSource } from './build-from-source.mjs';
import { downloadFile, downloadText } from './download.mjs';
import { checksumFile, ollamaVersion, publishedHash, releaseArchive, releaseUrl } from './release.mjs';
import { unpack } from './unpack.mjs';

/**
 * @typedef {object} AcquireOptions
 * @property {string} cacheFolder
 * @property {boolean} offline  Use what is there only.
 * @property {(text: string) => void} say
 * @property {AbortSignal} [signal]
 */

/**
 * An Ollama in the cache: the one that is there, else the official release for this platform, else built from source.
 * Each appears whole and after it ran, or not at all; processes that ask at once wait for one another.
 *
 * @param {AcquireOptions} options
 * @returns {Promise<{ path: string, how: 'present' | 'released' | 'built' }>}  Rejects with a `SetupError` of reason
 *   `missing` that lists each way tried, why it failed, and what to do.
 */
export async function acquireOllama({ cacheFolder, offline, say, signal }) {
  const released = acquiredFolder(cacheFolder, ollamaVersion, 'released');
  const native = acquiredFolder(cacheFolder, ollamaVersion, 'native');
  const present = () => [released, native].map(acquiredBinary).find(existsSync);
  const there = present();
  if (there !== undefined) return { path: there, how: 'present' };
  if (offline) throw nowhere([['the cache', `there is none in ${join(cacheFolder, 'ollama')}`]]);

  /** @type {readonly [string, 'released' | 'built', () => Promise<string>][]} */
  const ways = [
    [
      `the release ${ollamaVersion}`,
      'released',
      () => install(released, (folder) => release(folder, cacheFolder, { say, signal }), signal),
    ],
    [
      'building it from source',
      'built',
      () => install(native, (folder) => build(folder, { say, signal }), signal),
    ],
  ];
  const acquire = async () => {
    const meanwhile = present();
    if (meanwhile !== undefined) return { path: meanwhile, how: /** @type {const} */ ('present') };
    /** @type {[string, string][]} */
    const tried = [];
    for (const [name, how, way] of ways) {
      try {
        return { path: await way(), how };
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof SetupError)) throw error;
        say(`  ${name}: ${error.message}`);
        tried.push([name, error.message]);
      }
    }
    throw nowhere(tried);
  };
  const onWait = () => say('  another process is acquiring Ollama; waiting for it');
  return holdLock(join(cacheFolder, 'locks', 'ollama'), acquire, { signal, onWait });
}

/**
 * Makes the folder of an Ollama appear with a binary that ran.
 *
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} fill
 * @param {AbortSignal | undefined} signal
 */
async function install(folder, fill, signal) {
  await replaceAtomically(folder, async (temporary) => {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    await verify(acquiredBinary(temporary), signal);
  });
  return acquiredBinary(folder);
}

/**
 * @param {string} folder
 * @param {string} cacheFolder
 * @param {{ say: (text: string) => void, signal?: AbortSignal | undefined }} options
 */
async function release(folder, cacheFolder, { say, signal }) {
  const archive = releaseArchive(process.platform, process.arch);
  if (archive === undefined)
    throw new SetupError('missing', `there is none for ${process.platform} ${process.arch}`);
  const hash = publishedHash(await downloadText(releaseUrl(checksumFile), { signal }), archive);
  if (hash === undefined) throw new SetupError('missing', `its checksums do not name ${archive}`);
  say(`  downloading Ollama ${ollamaVersion} (${archive}; unpacked it takes about twice its size)`);
  const file = join(cacheFolder, 'downloads', `${ollamaVersion}-${archive}`);
  await downloadFile(releaseUrl(archive), file, hash, { say, signal });
  say('  unpacking it');
  // Only the archives for Linux have a folder `bin`; elsewhere the binary looks for its libraries beside itself.
  await unpack(file, process.platform === 'linux' ? folder : join(folder, 'bin'), signal);
  await rm(file);
}

/**
 * @param {string} folder
 * @param {{ say: (text: string) => void, signal?: AbortSignal | undefined }} options
 */
async function build(folder, { say, signal }) {
  say(
    `  building Ollama ${ollamaVersion} from source: about 600 MB of Go modules, then 4–8 min on two cores`,
  );
  await buildFromSource(folder, { say, signal });
}

/**
 * @param {string} binary
 * @param {AbortSignal | undefined} signal
 */
async function verify(binary, signal) {
  // Port 1 never answers: it then tells its own version, not that of a server.
  const env = { ...process.env, OLLAMA_HOST: '127.0.0.1:1' };
  const { code, stdout, stderr } = await runProcess(binary, ['--version'], { env, signal }).catch((error) => {
    signal?.throwIfAborted();
    return { code: -1, stdout: '', stderr: String(error.message) };
  });
  if (code === 0 && `${stdout}${stderr}`.includes(ollamaVersion)) return;
  throw new SetupError(
    'missing',
    `it does not run on this machine (exit code ${code}): ${stderr.trim().slice(-500)}`,
  );
}

/** @param {readonly (readonly [string, string])[]} tried */
function nowhere(tried) {
  const lines = tried.map(([name, why]) => `  - ${name}: ${why}`);
  return new SetupError(
    'missing',
    ['Ollama could not be acquired. Tried:', ...lines, 'Install Ollama by hand, then run this again.'].join(
      '\n',
    ),
  );
}
