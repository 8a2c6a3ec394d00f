import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder, replaceAtomically, withLock } from './cache.mjs';
import { pinnedNode } from './node-24.mjs';
import { lastWords, runNpm } from './npm.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, step } from './say.mjs';
import { needDebianPackages } from './system-packages.mjs';

/** VS Code for the browser, as npm has it. */
const version = '4.139.1';

/** What Debian calls the packages that its native modules are compiled with. */
const systemPackages = ['libkrb5-dev', 'pkg-config', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev'];

/** How long code-server may take until it answers, milliseconds. */
const startLimitMs = 60_000;

/**
 * @typedef {object} CodeServer
 * @property {string} node  The Node that it was compiled for.
 * @property {string} entry  The script to start.
 */

/**
 * The pinned code-server, compiled into the cache where it is missing; that takes a few minutes and a C++ compiler.
 *
 * @param {{ offline?: boolean, signal?: AbortSignal | undefined }} [options]
 * @returns {Promise<CodeServer>}
 */
export async function installCodeServer({ offline = false, signal } = {}) {
  const node = await pinnedNode({ offline, signal });
  const folder = join(
    cacheFolder(),
    'code-server',
    `${version}-node-${node.version}-${process.platform}-${process.arch}`,
  );
  const entry = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  await withLock('code-server', async () => {
    if (existsSync(entry)) return;
    if (offline) {
      throw new SetupError(
        'missing',
        `code-server is missing: there is none in ${folder}. Run once without --offline.`,
      );
    }
    await needDebianPackages(systemPackages, signal);
    await step(`Installing code-server ${version} into ${folder}; it compiles for 2 to 5 minutes`, () =>
      install(folder, node, signal),
    );
  });
  return { node: node.binary, entry };
}

/**
 * @param {string} folder
 * @param {import('./node-24.mjs').PinnedNode} node
 * @param {AbortSignal | undefined} signal
 */
async function install(folder, node, signal) {
  await replaceAtomically(folder, async (temporary) => {
    await mkdir(temporary);
    await writeFile(join(temporary, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--ignore-scripts=false', '--prefix', temporary, `code-server@${version}`];
    const result = await runNpm(args, {
      cwd: temporary,
      node: node.binary,
      signal,
      // Its native modules are compiled against the headers of the Node that runs them.
      env: { ...process.env, npm_config_nodedir: node.folder },
    });
    const entry = join(temporary, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
    // With a configuration of its own, or it would write one into the person's home.
    const trial = [entry, '--version', '--config', join(temporary, 'config.yaml')];
    const tried = result.code === 0 ? await runProcess(node.binary, trial, { signal }) : result;
    if (tried.code === 0) return;
    throw new SetupError(
      'missing',
      `code-server ${version} could not be installed:\n${lastWords(tried)}\n` +
        'It is compiled on this machine and needs a C++ compiler, make, Python, and headers of Kerberos, X11 and libsecret.',
    );
  });
}

/**
 * @typedef {object} RunningCodeServer
 * @property {string} url  The workbench with the folder open.
 * @property {() => Promise<void>} close
 */

/**
 * @typedef {object} StartOptions
 * @property {CodeServer} server
 * @property {string} folder  The workspace to open.
 * @property {string} vsix  The extension to install.
 * @property {string} dataFolder  Where it keeps its settings, state and extensions.
 * @property {object} [settings]  The user's settings, written before it starts.
 * @property {string} [password]  Asked for in the browser; without one whoever reaches the port gets in.
 * @property {boolean} [trusted]  Trust every folder without asking.
 * @property {number} [port]  Any free one where absent.
 * @property {NodeJS.ProcessEnv | undefined} [env]
 * @property {AbortSignal | undefined} [signal]
 * @property {(line: string) => void} [onLine]  Told what it prints.
 */

/**
 * Starts code-server on loopback with one extension in it, and waits until it answers.
 *
 * @param {StartOptions} options
 * @returns {Promise<RunningCodeServer>}
 */
export async function startCodeServer(options) {
  const { server, folder, vsix, dataFolder, settings, env = process.env, signal, onLine } = options;
  const port = options.port ?? (await freePort());
  const places = ['--user-data-dir', dataFolder, '--extensions-dir', join(dataFolder, 'extensions')];
  const own = [...places, '--config', join(dataFolder, 'code-server.yaml')];
  await mkdir(join(dataFolder, 'User'), { recursive: true });
  await writeFile(join(dataFolder, 'code-server.yaml'), '');
  if (settings !== undefined) {
    // Settings of machine scope count only where the machine's are.
    for (const place of ['User', 'Machine']) {
      await mkdir(join(dataFolder, place), { recursive: true });
      await writeFile(join(dataFolder, place, 'settings.json'), JSON.stringify(settings, null, 2));
    }
  }

  const installed = await runProcess(
    server.node,
    [server.entry, ...own, '--install-extension', vsix, '--force'],
    {
      env,
      signal,
    },
  );
  if (installed.code !== 0) {
    throw new SetupError(
      'failed',
      `code-server did not take the extension ${vsix}:\n${lastWords(installed)}`,
    );
  }

  const args = [
    ...own,
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', options.password === undefined ? 'none' : 'password'],
    ...[
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--disable-proxy',
    ],
    ...(options.trusted ? ['--disable-workspace-trust'] : []),
    folder,
  ];
  const ended = new AbortController();
  const running = runProcess(server.node, [server.entry, ...args], {
    env: { ...env, PASSWORD: options.password },
    signal: signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]),
    onLine,
  });
  const close = async () => {
    ended.abort();
    await running.catch(() => {});
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([answers(`${origin}/healthz`, ended.signal), running.then(failed)]);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `${origin}/?folder=${encodeURIComponent(folder)}`, close };
}

/**
 * @param {import('./run-process.mjs').RunResult} result
 * @returns {never}
 */
function failed(result) {
  throw new SetupError(
    'failed',
    `code-server ended at once, with exit code ${result.code}:\n${lastWords(result)}`,
  );
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function answers(url, signal) {
  const end = Date.now() + startLimitMs;
  while (Date.now() < end) {
    signal.throwIfAborted();
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new SetupError('failed', `code-server did not answer at ${url} within ${startLimitMs / 1000} s.`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
