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
