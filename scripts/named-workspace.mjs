import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageSpec } from './pypi/package-spec.mjs';
import { packageWorkspace } from './pypi/package-workspace.mjs';
import { sample } from './sample.mjs';
import { SetupError } from './say.mjs';

/**
 * The folder that a person named: by its path, as a package, or not at all, which means the sample.
 *
 * @param {string | undefined} named
 * @param {{ offline: boolean, signal: AbortSignal }} options
 * @returns {Promise<string>}  Absolute.
 */
export async function namedWorkspace(named, options) {
  const spec = named === undefined ? sample : packageSpec(named);
  if (named === undefined || spec !== undefined) return packageWorkspace(spec ?? sample, options);
  // npm runs scripts in the clone, and keeps where the person was.
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new SetupError(
    'missing',
    `There is no folder ${folder}. Check the path, or name a package: pypi:${sample.name}`,
  );
}
