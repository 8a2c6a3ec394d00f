import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from './hand-over.mjs';
import { packageSpec } from './pypi/package-spec.mjs';
import { packageWorkspace } from './pypi/package-workspace.mjs';
import { readyOllama } from './ready-ollama.mjs';
import { runMain, SetupError, say } from './say.mjs';
import { startArguments } from './start-arguments.mjs';

/** `npm start`: makes everything ready that the main job needs, and does the main job. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = resolve(root, 'dist/cli.mjs');

/** The sample workspace: small functions in pure Python, with doctests and tests. */
const sample = {
  name: 'toolz',
  version: '1.0.0',
  sha256: '2c86e3d9a04798ac556793bced838816296a2f085017664e4995cb40a1047a02',
};

const usage = `npm start [-- FOLDER | pypi:NAME | pypi:NAME==VERSION] [options]

Sets up what is missing (Node 24, the packages, Ollama, a small model), then plays on the workspace: ten minutes on the
package ${sample.name} ${sample.version} unless told otherwise. --offline uses only what is there. The options are those of play:
`;

await runMain(async (signal) => {
  const { workspace, model, offline, keep, help, rest } = startArguments(process.argv.slice(2));
  if (help) {
    say(usage);
    return exitCodeOf(process.execPath, [cli, 'play', '--help']);
  }
  const folder = await findWorkspace(workspace, { offline, signal });
  const ollama = await readyOllama({ model, offline, keep, signal });
  try {
    say(`• Playing on ${folder}`);
    const code = await exitCodeOf(process.execPath, [cli, 'play', folder, ...rest], { env: ollama.env });
    if (code === 0) process.stdout.write(`See its tasks in VS Code: npm run workbench -- ${folder}\n`);
    return code;
  } finally {
    await ollama.close();
  }
});

/**
 * @param {string | undefined} named
 * @param {{ offline: boolean, signal: AbortSignal }} options
 */
async function findWorkspace(named, options) {
  if (named === undefined) return packageWorkspace(sample, options);
  const spec = packageSpec(named);
  if (spec !== undefined) return packageWorkspace(spec, options);
  // npm runs scripts in the clone, and keeps where the person was.
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new SetupError(
    'missing',
    `There is no folder ${folder}. Check the path, or name a package: npm start -- pypi:${sample.name}`,
  );
}
