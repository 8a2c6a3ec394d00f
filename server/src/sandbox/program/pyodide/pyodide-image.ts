import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { asset, entryPoint } from '../../../entry-point.ts';
import type { Image, ImageEnd, RunMessage } from '../image.ts';
import { ImageProcess, whenReady } from '../image-process.ts';
import type { ImageMessage, ImageOptions } from './messages.ts';

/** How long loading the interpreter may take on a slow machine, milliseconds. */
const loadMs = 60_000;

/** A process that holds one interpreter. */
export class PyodideImage implements Image {
  readonly version: string;
  readonly python: string;
  readonly #child: ChildProcess;
  readonly #process: ImageProcess;

  private constructor(child: ChildProcess, { version, python }: Ready) {
    this.#child = child;
    this.#process = new ImageProcess(child);
    this.version = version;
    this.python = python;
    child.on('message', (message: ImageMessage) => {
      if (message.type !== 'ended') return;
      const { number, end, cpuMs } = message;
      if (end.type === 'trap') this.#process.retire();
      this.#process.finish(number, { end, cpuMs });
    });
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  /** Starts the process and waits until its interpreter is loaded. */
  static async start(
    options: Omit<ImageOptions, 'pyodide' | 'harness' | 'watchdog'>,
    signal: AbortSignal,
  ): Promise<PyodideImage> {
    const all: ImageOptions = {
      ...options,
      pyodide: asset('pyodide').replace(/[/\\]$/, ''),
      harness: asset('harness.py'),
      watchdog: entryPoint('sandbox-watchdog'),
    };
    const program = entryPoint('sandbox-child');
    const child = spawn(process.execPath, [...flags(all, program), program, JSON.stringify(all)], {
      // Electron's own Node would open a window without this; everything else of the environment stays outside.
      env: { ELECTRON_RUN_AS_NODE: '1', TZ: options.timeZone },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    try {
      if (child.pid !== undefined) os.setPriority(child.pid, 10);
    } catch {
      // It runs all the same, only not behind the others.
    }
    const first = (ready: (message: Ready) => void) => {
      const listen = (message: ImageMessage) => {
        if (message.type === 'ready') ready(message);
      };
      child.on('message', listen);
      return () => child.off('message', listen);
    };
    return new PyodideImage(
      child,
      await whenReady(child, { name: 'its process', withinMs: loadMs }, first, signal),
    );
  }

  run(message: RunMessage): Promise<ImageEnd> {
    return this.#process.run(message, () => {
      this.#child.send(message, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  kill(): void {
    this.#process.kill();
  }
}

type Ready = Extract<ImageMessage, { type: 'ready' }>;

/** Node's own bars, in the words that this Node knows. They stand behind the import lock, should it ever fail. */
function flags({ pyodide, harness, watchdog }: ImageOptions, program: string): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission';
  const folders = [pyodide, path.dirname(harness), path.dirname(watchdog), path.dirname(program)];
  return [
    '--disallow-code-generation-from-strings',
    permission,
    ...[...new Set(folders)].map((folder) => `--allow-fs-read=${folder}${path.sep}`),
    '--allow-worker',
    '--no-warnings',
  ];
}
