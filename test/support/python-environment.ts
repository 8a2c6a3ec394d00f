import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A virtual environment with nothing in it but what a test puts there; gone when the test ends. */
export interface PythonEnvironment {
  readonly folder: string;
  readonly python: string;
  readonly sitePackages: string;
}

/** Makes a virtual environment of `python3` with these files in its folder of packages. */
export async function pythonEnvironment(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<PythonEnvironment> {
  const folder = path.join(await temporaryFolder(), 'env');
  execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);
  const python = path.join(folder, 'bin', 'python');
  const asked = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const sitePackages = execFileSync(python, ['-c', asked], { encoding: 'utf8' }).trim();
  await addFiles(sitePackages, files);
  return { folder, python, sitePackages };
}

/** Writes files below a folder. */
export async function addFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
}
