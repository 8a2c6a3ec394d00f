import { fileURLToPath } from 'node:url';
import { runPython } from '../python.mjs';
import { SetupError } from '../say.mjs';

/** What to do about each way in which a package cannot be had. */
const advice = {
  'no-package': 'Check its name.',
  'no-version': 'Name one of those, or none for the newest.',
  unreachable: 'Check that pip reaches its index (pip index versions pip), or name a folder.',
  damaged: 'Try again; if it stays so, the index serves another file than it announces.',
  'too-large': 'Name a smaller package, or a folder.',
  'unknown-form': 'Name another version, or a folder.',
};

/**
 * Downloads one file of a package into a folder, through the index, proxy, certificates and credentials that pip is set up
 * with on this machine. None of the package's code runs. Rejects with a `SetupError` that says what to do.
 *
 * @param {{ name: string, version?: string | undefined, sha256?: string | undefined }} wanted
 *   The newest version where none is named. With a hash, the file that has it.
 * @param {string} folder  There already.
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<{ file: string, version: string }>}  The file's name in the folder.
 */
export function fetchPackage({ name, version, sha256 }, folder, signal) {
  return runScript('fetch.py', [name, version ?? '', sha256 ?? '', folder], signal);
}

/**
 * Unpacks the Python files of a package's file into a folder.
 *
 * @param {string} file
 * @param {string} folder  There already.
 * @param {AbortSignal | undefined} signal
 */
export async function unpackPackage(file, folder, signal) {
  await runScript('unpack.py', [file, folder], signal);
}

/**
 * Runs one of the Python scripts beside this file and reads the object that it prints.
 *
 * @param {string} script
 * @param {readonly string[]} args
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<{ file: string, version: string }>}  Of `unpack.py` nothing of it.
 */
async function runScript(script, args, signal) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { code, stdout, stderr } = await runPython([path, ...args], { signal });
  if (code !== 0) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new SetupError(
      'missing',
      `Python could not get the package: ${said}\nIt needs Python 3.10 or later with pip (Debian: apt-get install python3-pip).`,
    );
  }
  const result = JSON.parse(stdout);
  if (result.problem === undefined) return result;
  throw new SetupError(
    'missing',
    `${result.detail} ${advice[/** @type {keyof typeof advice} */ (result.problem)]}`,
  );
}
