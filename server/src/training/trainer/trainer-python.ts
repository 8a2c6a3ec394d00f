import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import type { Environment } from '../bearer-token.ts';
import { TrainerError } from './trainer-error.ts';

/**
 * The Python that the trainer is started with: the one that a person named, else that of the newest environment that set-up made in the
 * cache (`npm test -- trainer`, scripts/python-environment.mjs). Rejects with `no-python`, which says what to do.
 */
export async function trainerPython(
  named: string | undefined,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  if (named !== undefined) {
    if (await isFile(named)) return path.resolve(named);
    throw new TrainerError('no-python', `There is no ${named}. Check --trainer-python.`);
  }
  const folder = path.join(cacheFolder(env), 'trainer');
  const made: { readonly python: string; readonly at: number }[] = [];
  for (const key of await readdir(folder).catch(() => [])) {
    // An environment counts once it is noted as complete.
    const noted = await stat(path.join(folder, key, 'complete')).catch(() => undefined);
    const program = platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
    const python = path.join(folder, key, ...program);
    if (noted !== undefined && (await isFile(python))) made.push({ python, at: noted.mtimeMs });
  }
  const newest = made.sort((one, other) => other.at - one.at)[0];
  if (newest !== undefined) return newest.python;
  throw new TrainerError(
    'no-python',
    `The trainer's Python environment is not there. Make a virtual environment of Python 3.11 or later, install trainer/requirements.txt into it, and name its python with --trainer-python (docs/training.md).`,
  );
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}
