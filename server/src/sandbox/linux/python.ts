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
}

/** The oldest that the harness is written for. */
const oldest = [3, 10] as const;

/** Starting an interpreter through a shim on a cold disk takes seconds. */
const timeoutMs = 20_000;

/** What it says of itself: it is asked inside of bubblewrap, for even to start an interpreter is to run something. */
const question = `
import ctypes, json, os, resource, select, struct, sys
files = {line.split()[-1] for line in open('/proc/self/maps') if '/' in line}
print(json.dumps({
    'executable': os.path.realpath(sys.executable), 'version': sys.version_info[:3],
    'implementation': sys.implementation.name, 'prefixes': [sys.base_prefix, sys.base_exec_prefix],
    'files': sorted(files),
}))
`;

const Answer = z.object({
  executable: z.string(),
  version: z.tuple([z.number(), z.number(), z.number()]),
  implementation: z.string(),
  prefixes: z.array(z.string()),
  files: z.array(z.string()),
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
  const { executable, version, implementation, prefixes, files } = answer.data;
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
  return { executable, version: version.join('.'), shown: [...folders, ...new Set(single)] };
}

function inside(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
