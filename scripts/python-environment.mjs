import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, withLock } from './cache.mjs';
import { lastWords } from './npm.mjs';
import { runPython } from './python.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, step } from './say.mjs';

/**
 * The folder of programs (`python` and those of its packages) of a virtual environment in the cache, made where it is
 * missing, of packages pinned by hash.
 *
 * @param {{ name: string, what: string, requirements: string }} environment  `what`: its packages, for a person;
 *   `requirements`: the file that names them.
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function pythonEnvironment({ name, what, requirements }, signal) {
  const version = await runPython(['-c', 'import sys; print(sys.version, sys.executable)'], { signal });
  const key = createHash('sha256')
    .update(version.stdout)
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), name, key);
  const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  await withLock(
    name,
    async () => {
      // An environment knows its own place, so it cannot be made elsewhere and moved: it counts once it is noted.
      if (existsSync(join(folder, 'complete'))) return;
      await step(`Installing ${what}`, async () => {
        must(what, await runPython(['-m', 'venv', '--clear', folder], { signal }));
        const python = join(programs, 'python');
        const pip = [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--no-deps',
          '--require-hashes',
          '--requirement',
          requirements,
        ];
        must(what, await runProcess(python, pip, { signal }));
        must(
          what,
          await runPython(['-c', `open(${JSON.stringify(join(folder, 'complete'))}, "w").close()`], {
            signal,
          }),
        );
      });
    },
    { signal },
  );
  return programs;
}

/**
 * @param {string} what
 * @param {import('./run-process.mjs').RunResult} result
 */
function must(what, result) {
  if (result.code === 0) return;
  throw new SetupError(
    'missing',
    `${what} could not be installed:\n${lastWords(result)}\n` +
      'They need Python 3.10 or later with pip and venv (Debian: apt-get install python3-venv).',
  );
}
