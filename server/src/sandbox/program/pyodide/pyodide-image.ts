import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { asset, entryPoint } from '../../../entry-point.ts';
import { SandboxError } from '../../sandbox-error.ts';
import type { Image, ImageEnd, RunMessage } from '../image.ts';
import type { ImageMessage, ImageOptions } from './messages.ts';

/** How long loading the interpreter may take on a slow machine, milliseconds. */
const loadMs = 60_000;

/** How long after the hard limit the process may live before we end it from here, milliseconds. */
const marginMs = 500;

/** A process that holds one interpreter. */
export class PyodideImage implements Image {
  readonly version: string;
  readonly python: string;
  readonly #child: ChildProcess;
  #running: { number: number; begun: number; wallMs: number; finish: (end: ImageEnd) => void } | undefined;
  #alive = true;

  private constructor(child: ChildProcess, { version, python }: Extract<ImageMessage, { type: 'ready' }>) {
    this.#child = child;
    this.version = version;
    this.python = python;
    child.on('message', (message: ImageMessage) => {
      if (message.type !== 'ended' || message.number !== this.#running?.number) return;
      const { end, cpuMs } = message;
      if (end.type === 'trap') this.#alive = false;
      this.#finish({ end, cpuMs });
    });
    child.on('exit', (code, signal) => {
      this.#alive = false;
      const running = this.#running;
      if (running === undefined) return;
      const lasted = performance.now() - running.begun;
      const late = lasted >= running.wallMs;
      this.#finish({ end: { type: 'died', signal: signal ?? `exit ${code}`, late }, cpuMs: lasted });
    });
  }

  /** Whether it can run another program. */
  get alive(): boolean {
    return this.#alive;
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
    return new PyodideImage(child, await ready(child, signal));
  }

  /** Runs one program. One at a time: the caller waits for the end of the one before. */
  run(message: RunMessage): Promise<ImageEnd> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), message.wallMs + marginMs);
      this.#running = {
        number: message.number,
        begun: performance.now(),
        wallMs: message.wallMs,
        finish: (end) => {
          clearTimeout(timer);
          resolve(end);
        },
      };
      this.#child.send(message, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  kill(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  #finish(end: ImageEnd): void {
    const running = this.#running;
    this.#running = undefined;
    running?.finish(end);
  }
}

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

function ready(child: ChildProcess, signal: AbortSignal): Promise<Extract<ImageMessage, { type: 'ready' }>> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    const fail = (error: unknown) => {
      child.kill('SIGKILL');
      settle();
      reject(error);
    };
    const abort = () => fail(signal.reason);
    const broken = (why: string) =>
      fail(new SandboxError('not-started', `The sandbox did not start: ${why}. ${said.trim()}`));
    const exited = (code: number | null, ended: string | null) =>
      broken(`its process ended (${ended ?? code})`);
    const late = setTimeout(() => broken(`it took longer than ${loadMs / 1000} s`), loadMs);
    const first = (message: ImageMessage) => {
      if (message.type !== 'ready') return;
      settle();
      resolve(message);
    };
    const settle = () => {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
      child.off('exit', exited).off('error', fail).off('message', first);
    };
    child.on('exit', exited).on('error', fail).on('message', first);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
