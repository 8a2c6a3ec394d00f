import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CliError } from './context.ts';

/** Rejects with `missing` where no report could be made at this place: told before a long run, not after. */
export async function checkJsonPlace(file: string, cwd: string): Promise<void> {
  const folder = path.dirname(path.resolve(cwd, file));
  try {
    await access(folder, constants.W_OK);
  } catch {
    throw new CliError('missing', `The report cannot be written into ${folder}. Name another file.`);
  }
}

/** Writes a report that was also printed. */
export async function writeJson(file: string, report: unknown, cwd: string): Promise<void> {
  try {
    await writeFile(path.resolve(cwd, file), `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('failed', `The report could not be written to ${file} (${code}). It stands above.`);
  }
}
