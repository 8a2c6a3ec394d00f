import type { ChildProcess } from 'node:child_process';
import { SandboxError } from '../sandbox-error.ts';
import type { ImageEnd, RunMessage } from './image.ts';

/** How long after its limit a run's answer may come before the whole image is ended, milliseconds. */
const marginMs = 500;

/** The process of an image and the one run that goes on in it: an end comes for each run, whatever becomes of the process. */
export class ImageProcess {
  readonly #child: ChildProcess;
  #running: { readonly number: number; finish(end: ImageEnd): void } | undefined;
  #alive = true;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.once('exit', () => this.retire());
  }

  /** Whether it can run another program. */
  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Begins a run with `send`, and resolves to its end: what `finish` is told, or how the process ended. `times` is how often
   * the process runs the program.
   */
  run({ number, wallMs }: RunMessage, send: () => void, times = 1): Promise<ImageEnd> {
    const begun = performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), times * wallMs + marginMs);
      const exited = (code: number | null, signal: string | null) => {
        const lasted = performance.now() - begun;
        const late = lasted >= wallMs;
        this.#alive = false;
        finish({ end: { type: 'died', signal: signal ?? `exit ${code}`, late }, cpuMs: lasted });
      };
      const finish = (end: ImageEnd) => {
        clearTimeout(timer);
        this.#child.off('exit', exited);
        this.#running = undefined;
        resolve(end);
      };
      this.#running = { number, finish };
      this.#child.on('exit', exited);
      if (this.#child.exitCode === null && this.#child.signalCode === null) send();
      else exited(this.#child.exitCode, this.#child.signalCode);
    });
  }

  /** Ends the run of this number; one that is over already is not ended twice. */
  finish(number: number, end: ImageEnd): void {
    if (this.#running?.number === number) this.#running.finish(end);
  }

  /** Lets no further program run here. */
  retire(): void {
    this.#alive = false;
  }

  kill(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }
}

export interface Awaited {
  /** What it is called where it does not start. */
  readonly name: string;
  readonly withinMs: number;
}

/**
 * Waits until a new process is ready: `listen` is given what to call then, and gives back how to stop listening. Rejects with
 * `SandboxError`, `not-started`, where it ends first or takes too long; the process is ended then, and when aborted.
 */
export function whenReady<T>(
  child: ChildProcess,
  { name, withinMs }: Awaited,
  listen: (ready: (value: T) => void) => () => void,
  signal: AbortSignal,
): Promise<T> {
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
      fail(new SandboxError('not-started', `The sandbox did not start: ${name} ${why}. ${said.trim()}`));
    // `close` comes after `exit`, when all that it said was read.
    const closed = (code: number | null, ended: string | null) => broken(`ended (${ended ?? code})`);
    const late = setTimeout(() => broken(`took longer than ${withinMs / 1000} s`), withinMs);
    const stop = listen((value) => {
      settle();
      resolve(value);
    });
    const settle = () => {
      clearTimeout(late);
      stop();
      signal.removeEventListener('abort', abort);
      child.off('close', closed).off('error', fail);
    };
    child.on('close', closed).on('error', fail);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
