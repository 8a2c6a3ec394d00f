import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, replaceAtomically, withLock } from '../cache.mjs';
import { SetupError, step } from '../say.mjs';
import { fetchPackage, unpackPackage } from './fetch-package.mjs';

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
          const fetched = await fetchPackage({ name, version, sha256 }, scratch, signal);
          const folder = join(workspaces, `${normal}-${fetched.version}`);
          if (existsSync(folder)) return folder;
          await replaceAtomically(folder, async (temporary) => {
            await mkdir(temporary);
            await unpackPackage(join(scratch, fetched.file), temporary, signal);
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
