import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { bubblewrapHere } from '../linux/bubblewrap.ts';
import { askPython } from '../linux/python.ts';
import { runInWorkspace } from './run-in-workspace.ts';
import type { WorkspaceLimits, WorkspaceSandbox } from './workspace-sandbox.ts';

export interface WorkspaceSandboxOptions {
  /** The workspace's interpreter, of its virtual environment where it has one: a name or a path. */
  readonly python: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Bounds of a command that asks for none: a test suite of a few minutes. */
const limits: WorkspaceLimits = {
  wallMs: 120_000,
  cpuMs: 120_000,
  memoryMb: 2_048,
  processes: 256,
  tmpMb: 512,
  resultBytes: 16 * 2 ** 20,
};

/**
 * A sandbox for a workspace's own commands. Rejects with `SandboxError`, reason `not-started`, where something is missing:
 * there is no second way, since nothing else holds a whole test suite.
 */
export async function createWorkspaceSandbox(
  { python: named, env }: WorkspaceSandboxOptions,
  signal: AbortSignal,
): Promise<WorkspaceSandbox> {
  const bubblewrap = bubblewrapHere(env);
  const python = await askPython(bubblewrap, named, env, signal);
  const environment = await virtualEnvironment(named, python.executable);
  const interpreter =
    environment === undefined
      ? { executable: python.executable, shown: python.shown }
      : { executable: path.resolve(named), shown: [...python.shown, ...environment] };
  return {
    backend: { name: 'native', version: '1', python: python.version },
    run: (command, running) =>
      runInWorkspace(
        { bubblewrap, ...interpreter, command, limits: { ...limits, ...command.limits } },
        running,
      ),
  };
}

/**
 * The folder of the virtual environment that an interpreter belongs to, if it does, and the one of the interpreter that it links
 * to. Nothing is started to find out. What the environment says of itself is believed only where the interpreter is there: the
 * folder would be shown.
 */
async function virtualEnvironment(
  python: string,
  executable: string,
): Promise<readonly string[] | undefined> {
  if (!python.includes(path.sep)) return undefined;
  const folder = path.dirname(path.dirname(path.resolve(python)));
  const config = await readFile(path.join(folder, 'pyvenv.cfg'), 'utf8').catch(() => undefined);
  const home = config?.match(/^home *= *(?<folder>\/.+)$/m)?.groups?.['folder'];
  if (home === undefined) return undefined;
  const real = await realpath(home).catch(() => undefined);
  return real === path.dirname(executable) ? [folder, home] : undefined;
}
