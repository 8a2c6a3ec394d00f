import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, replaceAtomically, withLock } from '../cache.mjs';
import { runPython } from '../ollama/python.mjs';
import { SetupError, step } from '../say.mjs';

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
 * The source of a package as a folder in the cache, from the package index where it is missing. No code of it is run.
 *
 * @param {import('./package-spec.mjs').PackageSpec} spec
 * @param {{ offline: boolean, signal?: AbortSignal | undefined }} options
 * @returns {Promise<string>}
 */
export async function packageWorkspace({ name, version, sha256 }, { offline, signal }) {
  const workspaces = join(cacheFolder(), 'workspaces');
  const normal = name.toLowerCase().replaceAll(/[-_.]+/g, '-');
  const present = await findPresent(workspaces, normal, version);
  if (present !== undefined && (version !== undefined || offline)) return present;
  const wanted = version === undefined ? name : `${name} ${version}`;
  if (offline) {
    throw new SetupError(
      'missing',
      `The source of ${wanted} is not in ${workspaces}. Run once without --offline, or name a folder.`,
    );
  }
  return withLock(
    `workspace-${normal}`,
    () =>
      step(`Getting the source of ${wanted} from the package index`, async () => {
        const scratch = await mkdtemp(join(tmpdir(), 'autodidact-package-'));
        try {
          const fetched = await runScript('fetch.py', [name, version ?? '', sha256 ?? '', scratch], signal);
          const folder = join(workspaces, `${normal}-${fetched.version}`);
          if (existsSync(folder)) return folder;
          await replaceAtomically(folder, async (temporary) => {
            await mkdir(temporary);
            await runScript('unpack.py', [join(scratch, fetched.file), temporary], signal);
          });
          return folder;
        } finally {
          await rm(scratch, { recursive: true, force: true });
        }
      }),
    { signal },
  );
}

/**
 * The wanted version in the cache, or the last one by name where any will do.
 *
 * @param {string} workspaces
 * @param {string} normal
 * @param {string | undefined} version
 * @returns {Promise<string | undefined>}
 */
async function findPresent(workspaces, normal, version) {
  if (!existsSync(workspaces)) return undefined;
  const found = (await readdir(workspaces)).filter((entry) =>
    version === undefined
      ? entry.startsWith(`${normal}-`) && !entry.includes('.new-')
      : entry === `${normal}-${version}`,
  );
  const last = found.sort().at(-1);
  return last === undefined ? undefined : join(workspaces, last);
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
