import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from './hand-over.mjs';
import { namedWorkspace } from './named-workspace.mjs';
import { readyOllama } from './ready-ollama.mjs';
import { sample } from './sample.mjs';
import { runMain, say } from './say.mjs';
import { startArguments } from './start-arguments.mjs';

/** `npm start`: makes everything ready that the main job needs, and does the main job. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = resolve(root, 'dist/cli.mjs');

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
  const folder = await namedWorkspace(workspace, { offline, signal });
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
