import { runProcess } from './run-process.mjs';
import { SetupError } from './say.mjs';

/** What Python is called, in the order in which it is tried. */
const names = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python'];

/**
 * Runs Python. Rejects with a `SetupError` where there is none.
 *
 * @param {readonly string[]} args
 * @param {import('./run-process.mjs').RunOptions} options
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
