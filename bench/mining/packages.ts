import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pythonEnvironment } from '../../scripts/python-environment.mjs';

/** The file that pins the packages with what they need. */
export const packagesFile = fileURLToPath(new URL('./packages.txt', import.meta.url));

/** The packages that mining is measured on; the file has others that they need. */
export const measuredPackages = [
  'toolz',
  'more-itertools',
  'sortedcontainers',
  'inflection',
  'python-slugify',
  'humanize',
  'pyparsing',
  'jsonschema',
  'babel',
  'boltons',
  'networkx',
] as const;

/** The pinned version of a package; undefined of one that is not among them. */
export function pinnedVersion(name: string): string | undefined {
  const line = readFileSync(packagesFile, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}==`));
  return line?.split('==')[1]?.split(/[\s;]/)[0];
}

/** The folder of programs of an environment in which the packages are installed, with what their tests need. */
export async function packagesEnvironment(signal: AbortSignal): Promise<string> {
  const what = 'the packages that mining is measured on';
  return pythonEnvironment({ name: 'bench', what, requirements: packagesFile }, signal);
}
