import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathFirst } from './path-first.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError } from './say.mjs';

/**
 * Runs npm as this machine has it set up: its registry, proxy and certificates are those of its own configuration.
 *
 * @param {readonly string[]} args
 * @param {import('./run-process.mjs').RunOptions & { node?: string }} options  `node`: the Node that runs npm and the
 *   scripts of packages; the one that runs us where absent.
 * @returns {Promise<import('./run-process.mjs').RunResult>}
 */
export async function runNpm(args, { node = process.execPath, env = process.env, ...options }) {
  const [command, ...first] = npmCommand(node, env);
  try {
    // Said in full here: under `npm run --silent` the npm within would be silent too.
    return await runProcess(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      ...options,
      env: pathFirst(dirname(node), env),
    });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    throw new SetupError(
      'missing',
      'npm was not found. It comes with Node.js: install Node.js 20 or later, with npm.',
    );
  }
}

/**
 * What to start: npm's own script where it is known (a `.cmd` file needs a shell), else `npm` on PATH.
 *
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
export function npmCommand(node, env) {
  const running = env['npm_execpath'];
  if (running !== undefined && /[\\/]npm[\\/]bin[\\/]npm-cli\.[cm]?js$/.test(running)) return [node, running];
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [node, beside] : ['npm'];
}

/**
 * The last lines of what npm said, for a message.
 *
 * @param {import('./run-process.mjs').RunResult} result
 */
export function lastWords({ stdout, stderr }) {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-15)
    .map((line) => `    ${line}`)
    .join('\n');
}
