#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The one way into everything: `node scripts/launch.mjs COMMAND …` finds Node 24, installs the packages where they
 * changed, builds where the sources changed, and hands over to the command with its arguments, streams and signals.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each command runs, and what it needs: the bundles, the packages that `node_modules` holds. */
const commands = {
  start: { script: 'scripts/start.mjs', bundles: true, packages: true },
  test: { script: 'scripts/test.mjs', bundles: false, packages: true },
  cli: { script: 'dist/cli.mjs', bundles: true, packages: false },
  build: { script: 'scripts/build.mjs', bundles: false, packages: true },
  check: { script: 'scripts/check.mjs', bundles: false, packages: true },
  format: { script: 'scripts/format.mjs', bundles: false, packages: true },
  package: { script: 'scripts/package.mjs', bundles: true, packages: true },
  workbench: { script: 'scripts/workbench.mjs', bundles: true, packages: true },
  bench: { script: 'scripts/bench.mjs', bundles: true, packages: true },
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
  node = await prepare(command, signal);
  return 0;
});
if (node !== undefined && command !== undefined) {
  const { exitCodeOf } = await import('./hand-over.mjs');
  const { pathFirst } = await import('./path-first.mjs');
  const env = {
    ...pathFirst(dirname(node), process.env),
    // What messages tell a person to type.
    AUTODIDACT_COMMAND: 'npm run -s autodidact --',
  };
  process.exitCode = await exitCodeOf(node, [join(root, command.script), ...args], { env });
}

/**
 * Makes everything ready that the command needs.
 *
 * @param {{ bundles: boolean, packages: boolean }} needs
 * @param {AbortSignal} signal
 * @returns {Promise<string>}  The Node to run it with.
 */
async function prepare({ bundles, packages }, signal) {
  const offline = args.includes('--offline');
  const { isBuilt } = await import('./build-stamp.mjs');
  const { node24 } = await import('./node-24.mjs');
  const binary = await node24({ offline, signal });
  const build = bundles && !(await isBuilt(root));
  if (packages || build) {
    const { installDependencies } = await import('./dependencies.mjs');
    await installDependencies(root, { offline, signal, node: binary });
    const { runProcess } = await import('./run-process.mjs');
    const { code, stderr } = await runProcess(binary, [join(root, 'scripts/python-stdlib.mjs')], {
      cwd: root,
      signal,
    });
    if (code !== 0) {
      throw new SetupError('failed', `Python's library could not be compiled:\n${stderr.trim()}`);
    }
  }
  if (build) {
    const { ensureBuilt } = await import('./ensure-built.mjs');
    await ensureBuilt(root, { node: binary, signal });
  }
  return binary;
}
