import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** What a process of Pyodide's is started with. */
export interface ChildStart {
  readonly program: string;
  /** Its one argument, as JSON. */
  readonly options: object;
  /** Folders that it reads, beside that of its program. */
  readonly folders: readonly string[];
  readonly timeZone: string;
}

/** Starts a Node that may read some folders and do nothing else, behind everything that a person waits for. */
export function startChild({ program, options, folders, timeZone }: ChildStart): ChildProcess {
  const args = [...bars([...folders, path.dirname(program)]), program, JSON.stringify(options)];
  const child = spawn(process.execPath, args, {
    // Electron's own Node would open a window without this; everything else of the environment stays outside.
    env: { ELECTRON_RUN_AS_NODE: '1', TZ: timeZone },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  });
  try {
    if (child.pid !== undefined) os.setPriority(child.pid, 10);
  } catch {
    // It runs all the same, only not behind the others.
  }
  return child;
}

/** Node's own bars, in the words that this Node knows. They stand behind the import lock, should it ever fail. */
function bars(folders: readonly string[]): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission';
  return [
    '--disallow-code-generation-from-strings',
    permission,
    ...[...new Set(folders)].map((folder) => `--allow-fs-read=${folder}${path.sep}`),
    '--allow-worker',
    '--no-warnings',
  ];
}
