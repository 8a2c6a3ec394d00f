import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../run-process.mjs';
import { SetupError } from '../say.mjs';

/** What Python is called, in the order in which it is tried. */
const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];

/**
 * Runs Python. Rejects with a `SetupError` where there is none.
 *
 * @param {readonly string[]} args
 * @param {import('../run-process.mjs').RunOptions} options
 */
export async function runPython(args, options) {
  for (const name of names) {
    try {
      return await runProcess(name, args, options);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    }
  }
  throw new SetupError('missing', 'Python was not found. Install Python 3.10 or later.');
}

/**
 * Downloads one pinned file of a package into a folder, through pip as this machine has it set up: its index, proxy and
 * certificates are those of its own configuration. pip verifies the hash.
 *
 * @param {{ name: string, version: string, sha256: string, form: 'wheel' | 'source' }} pin
 * @param {string} folder  There already.
 * @param {AbortSignal | undefined} signal
 */
export async function downloadFromPyPi({ name, version, sha256, form }, folder, signal) {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
  const only = form === 'wheel' ? '--only-binary' : '--no-binary';
  const args = ['-m', 'pip', 'download', '--no-deps', '--require-hashes', only, name, '--dest', folder];
  const { code, stderr } = await runPython([...args, '--requirement', requirements], { signal });
  if (code === 0) return;
  const said = stderr.trim().split('\n').slice(-3).join('\n    ');
  throw new SetupError('missing', `pip could not download ${name} ${version}:\n    ${said}`);
}
