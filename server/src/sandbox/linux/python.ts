import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SandboxError } from '../sandbox-error.ts';
import { isolated, runIsolated } from './bubblewrap.ts';

/** A Python of this machine and what of the machine it has to see to run. */
export interface Python {
  readonly executable: string;
  /** `major.minor.patch`. */
  readonly version: string;
  /** Folders and files that are shown to it, read-only, at their own paths. */
  readonly shown: readonly string[];
  /** Folders in which packages are installed for it, at most four. */
  readonly packages: readonly string[];
}

/** The oldest that the harness is written for. */
const oldest = [3, 10] as const;

/** Starting an interpreter through a shim on a cold disk takes seconds. */
const timeoutMs = 20_000;

/**
 * What it says of itself: it is asked inside of bubblewrap, for even to start an interpreter is to run something. `site` is only
 * read: were it to run, it would run what packages put into `.pth` files. So a virtual environment is found as `site` finds it.
 */
const question = String.raw`
import ctypes, json, os, re, resource, select, site, struct, sys
def packages():
    folders = site.getsitepackages([sys.base_prefix, sys.base_exec_prefix])
    here = os.path.dirname(os.path.abspath(sys.executable))
    above = os.path.dirname(here)
    try:
        place = next(place for place in (here, above) if os.path.isfile(os.path.join(place, 'pyvenv.cfg')))
        with open(os.path.join(place, 'pyvenv.cfg'), encoding='utf-8', errors='replace') as file:
            config = file.read(65536)
    except (StopIteration, OSError):
        return folders
    sys.prefix = sys.exec_prefix = above
    shared = re.search(r'^\s*include-system-site-packages\s*=\s*true\s*$', config, re.M | re.I)
    return site.getsitepackages([above]) + (folders if shared else [])
files = {line.split()[-1] for line in open('/proc/self/maps') if '/' in line}
print(json.dumps({
    'executable': os.path.realpath(sys.executable), 'version': sys.version_info[:3],
    'implementation': sys.implementation.name, 'prefixes': [sys.base_prefix, sys.base_exec_prefix],
    'files': sorted(files), 'packages': [place for place in packages() if os.path.isdir(place)][:4],
}))
`;

const Answer = z.object({
  executable: z.string(),
  version: z.tuple([z.number(), z.number(), z.number()]),
  implementation: z.string(),
  prefixes: z.array(z.string()),
  files: z.array(z.string()),
  packages: z.array(z.string()),
});

/** Folders of the system that hold libraries and nothing private. Shown whole: modules load what they need from them. */
const systemFolders = [
  '/usr/lib',
  '/usr/lib64',
  '/usr/local/lib',
  '/lib',
  '/lib64',
  '/nix/store',
  '/gnu/store',
];

/**
 * Asks the Python with this name or path about itself. Rejects with `SandboxError` where it does not start, or cannot be used.
 */
export async function askPython(
  bubblewrap: string,
  named: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Python> {
  const args = [
    ...isolated,
    '--ro-bind',
    '/',
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--setenv',
    'PATH',
    env['PATH'] ?? '',
  ];
  // A shim finds the interpreter by these.
  for (const name of ['HOME', 'PYENV_ROOT', 'ASDF_DATA_DIR']) {
    const value = env[name];
    if (value !== undefined) args.push('--setenv', name, value);
  }
  const asked = await runIsolated(
    bubblewrap,
    [...args, '--', named, '-I', '-S', '-c', question],
    { timeoutMs },
    signal,
  );
  if (asked.code !== 0) {
    const why = asked.stderr.trim().split('\n').at(-1) ?? '';
    throw new SandboxError('not-started', `${named} does not start inside of bubblewrap: ${why}`);
  }
  const answer = Answer.safeParse(parsed(asked.stdout));
  if (!answer.success) throw new SandboxError('not-started', `${named} does not answer as Python does.`);
  const { executable, version, implementation, prefixes, files, packages } = answer.data;
  const [major, minor] = version;
  if (implementation !== 'cpython' || major !== oldest[0] || minor < oldest[1]) {
    throw new SandboxError(
      'not-started',
      `${named} is ${implementation} ${version.join('.')}; CPython ${oldest.join('.')} or later is needed.`,
    );
  }
  const libraries = prefixes.map((prefix) => (prefix === '/usr' ? '/usr/lib' : path.join(prefix, 'lib')));
  const real = await Promise.all(
    [...systemFolders, ...libraries].map((folder) => realpath(folder).catch(() => undefined)),
  );
  const folders = [
    ...new Set([...systemFolders, ...libraries].filter((_, index) => real[index] !== undefined)),
  ];
  const single = [executable, ...files].filter((file) => !folders.some((folder) => inside(folder, file)));
  return {
    executable,
    version: version.join('.'),
    shown: [...folders, ...new Set(single)],
    packages: [...new Set(packages)],
  };
}

/** Whether a path is below a folder. */
export function inside(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
