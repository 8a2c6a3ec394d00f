import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { SandboxError } from '../sandbox-error.ts';

/** Where a program is found: the folders of PATH, then those where distributions put it. */
export function findBubblewrap(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/bin'];
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, 'bwrap'))
    .find(isExecutable);
}

/** bubblewrap's path. Throws `SandboxError`, reason `not-started`, where this machine cannot use it. */
export function bubblewrapHere(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform !== 'linux') throw new SandboxError('not-started', 'It needs Linux.');
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new SandboxError('not-started', `It needs an x86-64 or arm64 processor; this is ${process.arch}.`);
  }
  const bubblewrap = findBubblewrap(env);
  if (bubblewrap === undefined) {
    throw new SandboxError('not-started', 'It needs bubblewrap (Debian: apt-get install bubblewrap).');
  }
  return bubblewrap;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Namespaces of its own for everything, nobody's rights, no environment; ends with its parent. */
export const isolated: readonly string[] = [
  '--unshare-user',
  '--unshare-ipc',
  '--unshare-pid',
  '--unshare-net',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--uid',
  '65534',
  '--gid',
  '65534',
  '--hostname',
  'sandbox',
  '--cap-drop',
  'ALL',
  '--die-with-parent',
  '--new-session',
  '--clearenv',
];

/** Runs something to its end inside of bubblewrap: its exit status and what it printed, at most 64 KiB of each. */
export function runIsolated(
  bubblewrap: string,
  args: readonly string[],
  { timeoutMs }: { readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(bubblewrap, [...args], { env: {}, stdio: ['ignore', 'pipe', 'pipe'], signal });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] = (said[stream] + text).slice(0, 65_536);
      });
    }
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(late);
      resolve({ code, ...said });
    });
  });
}
