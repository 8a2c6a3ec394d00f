#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The one way into everything: `node scripts/launch.mjs COMMAND …` finds Node 24, installs the packages where they
 * changed, builds where the sources changed, and hands over to the command with its arguments, streams and signals.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each command runs, from the root of the clone; `build`: whether it needs the bundles. */
const commands = {
  start: { script: 'scripts/start.mjs', build: true },
  test: { script: 'scripts/test.mjs', build: false },
  cli: { script: 'dist/cli.mjs', build: true },
  build: { script: 'scripts/build.mjs', build: false },
  check: { script: 'scripts/check.mjs', build: false },
  format: { script: 'scripts/format.mjs', build: false },
  package: { script: 'scripts/package.mjs', build: true },
  workbench: { script: 'scripts/workbench.mjs', build: true },
  bench: { script: 'scripts/bench.mjs', build: true },
};

if (Number.parseInt(process.versions.node, 10) < 20) {
  process.stderr.write(
    `Autodidact needs Node.js 20 or later; this is ${process.versions.node}. Install a newer one.\n`,
  );
  process.exit(3);
}
// What follows uses language and library features that older Nodes cannot even load.
const { runMain, SetupError } = await import('./say.mjs');
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name)
  ? commands[/** @type {keyof typeof commands} */ (name)]
  : undefined;
/** @type {string | undefined} */
let node;
await runMain(async (signal) => {
  if (command === undefined) {
    throw new SetupError(
      'usage',
      `Usage: node scripts/launch.mjs ${Object.keys(commands).join(' | ')} [arguments]`,
    );
  }
  node = await prepare(command.build, signal);
  return 0;
});
if (node !== undefined && command !== undefined) await handOver(node, join(root, command.script), args);

/**
 * Makes everything ready that the command needs.
 *
 * @param {boolean} build
 * @param {AbortSignal} signal
 * @returns {Promise<string>}  The Node to run it with.
 */
async function prepare(build, signal) {
  const offline = args.includes('--offline');
  const { isBuilt } = await import('./build-stamp.mjs');
  const { node24 } = await import('./node-24.mjs');
  const binary = await node24({ offline, signal });
  if (build && (await isBuilt(root))) return binary;
  const { installDependencies } = await import('./dependencies.mjs');
  await installDependencies(root, { offline, signal, node: binary });
  if (build) {
    const { runProcess } = await import('./run-process.mjs');
    const result = await runProcess(binary, [join(root, 'scripts/build.mjs')], { cwd: root, signal });
    if (result.code !== 0) throw new SetupError('failed', `The build failed:\n${result.stderr.trim()}`);
  }
  return binary;
}

/**
 * Runs the command in a process of its own, passes signals on to it, and ends as it ends.
 *
 * @param {string} binary
 * @param {string} script
 * @param {readonly string[]} scriptArgs
 */
async function handOver(binary, script, scriptArgs) {
  const child = spawn(binary, [script, ...scriptArgs], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(binary)}${process.platform === 'win32' ? ';' : ':'}${process.env['PATH']}`,
    },
    windowsHide: true,
  });
  // At a terminal Ctrl-C reaches every process in the foreground: passing it on would make it two.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  const { signalNumber } = await import('./run-process.mjs');
  child.on('error', (error) => {
    process.stderr.write(`${binary} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signalName) => process.exit(code ?? 128 + signalNumber(signalName)));
}
