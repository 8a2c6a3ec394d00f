import { join } from 'node:path';
import { pythonFiles, root } from './checks.mjs';
import { pythonCheckers } from './python-checkers.mjs';
import { runProcess } from './run-process.mjs';
import { runMain, say } from './say.mjs';

/** `npm run format`: formats everything, and mends what the linters can mend by themselves. */

await runMain(async (signal) => {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const ruff = join(await pythonCheckers(signal), 'ruff');
  const files = await pythonFiles(signal);
  /** @type {[string, string[]][]} */
  const formatters = [
    [process.execPath, [biome, 'check', '--write']],
    [ruff, ['check', '--fix', '--quiet', ...files]],
    [ruff, ['format', ...files]],
  ];
  let worst = 0;
  for (const [command, args] of formatters) {
    const { code, stdout, stderr } = await runProcess(command, args, { cwd: root, signal });
    say(`${stdout}${stderr}`.trim());
    worst = Math.max(worst, code);
  }
  return worst;
});
