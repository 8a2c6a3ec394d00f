import { access } from 'node:fs/promises';
import path from 'node:path';

/** The interpreter of a folder's own virtual environment, where it has one in the usual place. It is not started here. */
export async function folderPython(folder: string): Promise<string | undefined> {
  for (const name of ['.venv', 'venv']) {
    const python = path.join(folder, name, 'bin', 'python');
    if (
      await access(python).then(
        () => true,
        () => false,
      )
    )
      return python;
  }
  return undefined;
}

/** The interpreter of a folder: the one that a person named, else the folder's own, else the one on PATH. */
export async function interpreterOf(named: string, folder: string | undefined): Promise<string> {
  const own = named === '' && folder !== undefined ? await folderPython(folder) : undefined;
  return named || (own ?? 'python3');
}
