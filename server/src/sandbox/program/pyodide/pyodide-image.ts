import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { asset, entryPoint } from '../../../entry-point.ts';
import { SandboxError } from '../../sandbox-error.ts';
import type { Image, ImageEnd, RunMessage } from '../image.ts';
import { ImageProcess, whenReady } from '../image-process.ts';
import type { ImageVariant } from '../image-variants.ts';
import type { FromImage, ImageOptions, ToImage } from './messages.ts';
import { foldersOf, pyodideFiles } from './pyodide-files.ts';
import type { Snapshots } from './snapshots.ts';
import { startChild } from './start-child.ts';

/** How long loading the interpreters may take on a slow machine, milliseconds. */
const loadMs = 60_000;

export interface PyodideStart {
  /** One for each interpreter that it holds. */
  readonly variants: readonly ImageVariant[];
  readonly memoryMb: number;
  readonly snapshots: Snapshots;
}

/** A process that holds interpreters, and runs each program in all of them. */
export class PyodideImage implements Image {
  readonly version: string;
  readonly python: string;
  readonly #child: ChildProcess;
  readonly #process: ImageProcess;
  readonly #interpreters: number;

  private constructor(child: ChildProcess, { version, python }: Ready, interpreters: number) {
    this.#child = child;
    this.#process = new ImageProcess(child);
    this.#interpreters = interpreters;
    this.version = version;
    this.python = python;
    child.on('message', (message: FromImage) => {
      if (message.type !== 'ended') return;
      const { number, end, cpuMs, last } = message;
      if (last) this.#process.retire();
      this.#process.finish(number, { end, cpuMs });
    });
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  /** Starts the process and waits until its interpreters are loaded; from new snapshots where the kept ones do not work. */
  static async start(options: PyodideStart, signal: AbortSignal): Promise<PyodideImage> {
    try {
      return await PyodideImage.#start(options, signal);
    } catch (error) {
      if (!SandboxError.is(error)) throw error;
      await Promise.all(options.variants.map((variant) => options.snapshots.forget(variant)));
      return PyodideImage.#start(options, signal);
    }
  }

  static async #start(
    { variants, memoryMb, snapshots }: PyodideStart,
    signal: AbortSignal,
  ): Promise<PyodideImage> {
    // One after another: to make one takes a processor and 200 MB for seconds.
    const loaded: Uint8Array[] = [];
    for (const variant of variants) loaded.push(await snapshots.of(variant, signal));
    const files = pyodideFiles();
    const watchdog = entryPoint('sandbox-watchdog');
    const child = startChild({
      program: entryPoint('sandbox-child'),
      options: { ...files, watchdog, variants, memoryMb } satisfies ImageOptions,
      // The program and what it imports: one folder in the bundle, two in the source tree.
      folders: [...foldersOf(files), path.dirname(watchdog), path.dirname(asset('harness.py'))],
      timeZone: variants[0]?.timeZone ?? 'UTC',
    });
    const listen = (ready: (message: Ready) => void) => {
      const hear = (message: FromImage) => {
        if (message.type === 'ready') ready(message);
      };
      child.on('message', hear);
      child.send({ type: 'load', snapshots: loaded } satisfies ToImage, () => undefined);
      return () => child.off('message', hear);
    };
    const ready = await whenReady(child, { name: 'its process', withinMs: loadMs }, listen, signal);
    return new PyodideImage(child, ready, variants.length);
  }

  run(message: RunMessage): Promise<ImageEnd> {
    const send = () =>
      this.#child.send({ type: 'run', run: message } satisfies ToImage, (error) => {
        if (error !== null) this.kill();
      });
    return this.#process.run(message, send, this.#interpreters);
  }

  kill(): void {
    this.#process.kill();
  }
}

type Ready = Extract<FromImage, { type: 'ready' }>;
