import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isolated } from '../linux/bubblewrap.ts';
import type { Architecture } from '../linux/seccomp.ts';
import { SandboxError } from '../sandbox-error.ts';
import { workspaceFilter } from './workspace-filter.ts';
import type { WorkspaceCommand, WorkspaceEnd, WorkspaceLimits, WorkspaceRan } from './workspace-sandbox.ts';

export interface WorkspaceStart {
  readonly bubblewrap: string;
  readonly executable: string;
  /** Folders and files of the interpreter, shown at their own paths. */
  readonly shown: readonly string[];
  readonly command: WorkspaceCommand;
  readonly limits: WorkspaceLimits;
}

/** What is kept of what it prints, bytes. */
const maxPrinted = 65_536;

/** Where things stand inside. */
const inside = { workspace: '/workspace', modules: '/modules', result: '/result' } as const;

/** Programs that test suites start (`sh`, `git`), and what they need of the system; no file of a person. */
const systemPlaces = [
  '/usr',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/ssl/openssl.cnf',
  '/nix/store',
  '/gnu/store',
];

/** Where distributions keep them beside `/usr`: links into it, or folders of their own. */
const systemFolders = ['/bin', '/lib', '/lib64', '/sbin'];

/** Sets the limits that processes inherit, then becomes the command. */
const boot = `
import os, resource, sys
cpu, memory, processes, size = map(int, sys.argv[1:5])
os.nice(10)
for name, value in (('AS', memory), ('NPROC', processes), ('FSIZE', size), ('CORE', 0), ('NOFILE', 1024)):
    resource.setrlimit(getattr(resource, 'RLIMIT_' + name), (value, value))
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
os.execv(sys.argv[5], sys.argv[5:])
`;

/** Runs one command to its end. */
export async function runInWorkspace(start: WorkspaceStart, signal: AbortSignal): Promise<WorkspaceRan> {
  signal.throwIfAborted();
  const place = await mkdtemp(path.join(os.tmpdir(), 'autodidact-workspace-'));
  try {
    const files = await prepared(start, place);
    const begun = performance.now();
    const { end, printed } = await toItsEnd(start, files, signal);
    const result = await readBounded(files.result, start.limits.resultBytes);
    const wallMs = performance.now() - begun;
    const ended: WorkspaceEnd = result === undefined ? { outcome: 'limit', limit: 'output' } : end;
    return { ...ended, result: result ?? new Uint8Array(), printed, wallMs };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

interface Files {
  readonly result: string;
  readonly filter: string;
  readonly modules: readonly (readonly [inside: string, file: string])[];
}

/** Writes what is shown of ours. The result is one file, which nobody inside can put another one or a link in the place of. */
async function prepared({ command }: WorkspaceStart, place: string): Promise<Files> {
  const write = async (name: string, content: string | Uint8Array) => {
    const file = path.join(place, name);
    await writeFile(file, content, { mode: 0o600 });
    return file;
  };
  const modules: [string, string][] = [];
  for (const [index, [name, source]] of Object.entries(command.modules ?? {}).entries()) {
    if (!/^[a-zA-Z_]\w*$/.test(name)) throw new TypeError(`${name} is no name of a module.`);
    modules.push([`${inside.modules}/${name}.py`, await write(`module-${index}`, source)]);
  }
  return {
    result: await write('result', ''),
    filter: await write('filter', workspaceFilter(process.arch as Architecture)),
    modules,
  };
}

function bubblewrapArguments(
  { executable, shown, command, limits }: WorkspaceStart,
  { result, modules }: Files,
): string[] {
  const env = {
    HOME: '/tmp',
    TMPDIR: '/tmp',
    PATH: `${path.dirname(executable)}:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PYTHONPATH: inside.modules,
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
    AUTODIDACT_RESULT: inside.result,
  };
  const mebibyte = 2 ** 20;
  const bounds = [
    Math.ceil(limits.cpuMs / 1_000),
    limits.memoryMb * mebibyte,
    limits.processes,
    // One byte more than is taken shows that it was too much.
    Math.max(limits.resultBytes + 1, limits.tmpMb * mebibyte),
  ];
  return [
    ...isolated,
    '--seccomp',
    '3',
    ...[...systemPlaces, ...systemFolders].flatMap((place) => ['--ro-bind-try', place, place]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...['/dev/shm', '/tmp'].flatMap((place) => ['--size', String(limits.tmpMb * mebibyte), '--tmpfs', place]),
    '--remount-ro',
    '/dev',
    // Behind `/tmp`, where an interpreter may stand.
    ...shown.flatMap((place) => ['--ro-bind-try', place, place]),
    '--ro-bind',
    path.resolve(command.snapshot),
    inside.workspace,
    '--dir',
    inside.modules,
    ...modules.flatMap(([target, file]) => ['--ro-bind', file, target]),
    '--bind',
    result,
    inside.result,
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--remount-ro',
    '/',
    '--chdir',
    inside.workspace,
    '--',
    executable,
    '-I',
    '-S',
    '-c',
    boot,
    ...bounds.map(String),
    executable,
    ...command.args,
  ];
}

async function toItsEnd(
  start: WorkspaceStart,
  files: Files,
  signal: AbortSignal,
): Promise<{ readonly end: WorkspaceEnd; readonly printed: string }> {
  const filter = await open(files.filter, constants.O_RDONLY);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(start.bubblewrap, bubblewrapArguments(start, files), {
        env: {},
        stdio: ['ignore', 'pipe', 'pipe', filter.fd],
      });
      let printed = Buffer.alloc(0);
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (data: Buffer) => {
          printed = Buffer.concat([printed, data]).subarray(-maxPrinted);
        });
      }
      let late = false;
      // What it started ends with it: they share a namespace of processes.
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, start.limits.wallMs);
      const abort = () => child.kill('SIGKILL');
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      child.on('error', (error) => {
        settle();
        reject(new SandboxError('not-started', `bubblewrap does not start: ${error.message}`));
      });
      child.on('close', (code, ended) => {
        settle();
        if (signal.aborted) reject(signal.reason as Error);
        else resolve({ end: endOf(code, ended, late), printed: printed.toString('utf8') });
      });
    });
  } finally {
    await filter.close();
  }
}

function endOf(code: number | null, ended: NodeJS.Signals | null, late: boolean): WorkspaceEnd {
  if (late) return { outcome: 'limit', limit: 'wall' };
  if (code === null) return { outcome: 'crash', signal: ended ?? 'unknown' };
  // bubblewrap tells a signal of the command as shells do.
  const name = Object.entries(os.constants.signals).find(([, number]) => number === code - 128)?.[0];
  if (name === undefined) return { outcome: 'exited', code };
  return name === 'SIGXCPU' ? { outcome: 'limit', limit: 'cpu' } : { outcome: 'crash', signal: name };
}

/** The content of a file, undefined where it is longer. */
async function readBounded(file: string, most: number): Promise<Uint8Array | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    if (size > most) return undefined;
    const content = new Uint8Array(size);
    const { bytesRead } = await handle.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
