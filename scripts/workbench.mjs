import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache.mjs';
import { installCodeServer, startCodeServer } from './code-server.mjs';
import { namedWorkspace } from './named-workspace.mjs';
import { lastWords } from './npm.mjs';
import { runProcess } from './run-process.mjs';
import { runMain, SetupError, say, step } from './say.mjs';
import { buildVsix } from './vsix.mjs';

/**
 * `npm run workbench [-- FOLDER | pypi:NAME]`: packages the extension, installs it and opens the folder with it, in desktop
 * VS Code where `code` is on PATH, else in code-server.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await runMain(async (signal) => {
  const args = process.argv.slice(2);
  const offline = args.includes('--offline');
  const folder = await namedWorkspace(
    args.find((arg) => !arg.startsWith('-')),
    { offline, signal },
  );
  const { path: vsix } = await step('Packaging the extension', () => buildVsix(root));
  if (await opensInDesktop(folder, vsix, signal)) return 0;
  await serve(folder, vsix, { offline, signal });
  return 0;
});

/**
 * @param {string} folder
 * @param {string} vsix
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}  Whether there is a desktop VS Code to open it in.
 */
async function opensInDesktop(folder, vsix, signal) {
  const installed = await runCode(['--install-extension', vsix, '--force'], signal);
  if (installed === undefined) return false;
  if (installed.code !== 0) {
    throw new SetupError('failed', `VS Code did not take the extension ${vsix}:\n${lastWords(installed)}`);
  }
  await runCode([folder], signal);
  say(`• VS Code opens ${folder}`);
  return true;
}

/**
 * @param {readonly string[]} args
 * @param {AbortSignal} signal
 * @returns {Promise<import('./run-process.mjs').RunResult | undefined>}  Undefined where there is no `code` on PATH.
 */
async function runCode(args, signal) {
  // On Windows `code` is a script for the shell, which takes the line as it stands: each part is quoted for it.
  const [command, line] =
    process.platform === 'win32' ? ['cmd.exe', ['/d', '/s', '/c', 'code', ...args]] : ['code', [...args]];
  try {
    const result = await runProcess(command, line, { signal });
    return process.platform === 'win32' && result.code === 9009 ? undefined : result;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Serves the workbench on loopback until the person interrupts it.
 *
 * @param {string} folder
 * @param {string} vsix
 * @param {{ offline: boolean, signal: AbortSignal }} options
 */
async function serve(folder, vsix, { offline, signal }) {
  say('• There is no `code` on PATH: opening it in code-server');
  const server = await installCodeServer({ offline, signal });
  const password = randomBytes(9).toString('base64url');
  const running = await step('Starting code-server', () =>
    startCodeServer({ server, folder, vsix, password, signal, dataFolder: join(cacheFolder(), 'workbench') }),
  );
  process.stdout.write(`Open ${running.url} in a browser; the password is ${password}. Ctrl-C ends it.\n`);
  if (!signal.aborted) await once(signal, 'abort');
  await running.close();
}
