import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RunEnd, RunMessage } from '../image.ts';
import { ImportLock, LockViolation } from './import-lock.ts';
import type { ImageOptions } from './messages.ts';
import { slots, type WatchdogData } from './watchdog.ts';

/** Runs with which the interpreter's caches are filled before its memory is copied. */
const warmUps = 50;

/** What we use of Pyodide's own, partly private, interface. Pinned to one version, checked when it starts. */
interface Pyodide {
  readonly version: string;
  readonly FS: { readonly streams: readonly unknown[]; closeStream(fd: number): void };
  readonly _module: {
    readonly HEAPU8: Uint8Array;
    stackSave(): number;
    stackRestore(at: number): void;
    _sbrk(bytes: number): number;
  };
  readonly _api: { fatal_error: (error: unknown) => never };
  readonly globals: { get(name: string): PyProxy };
  runPython(code: string): unknown;
  setInterruptBuffer(buffer: Uint8Array): void;
  setStdout(options: { write: (bytes: Uint8Array) => number }): void;
  setStderr(options: { write: (bytes: Uint8Array) => number }): void;
}
interface PyProxy {
  (): unknown;
  getBuffer(): { readonly data: Uint8Array };
}

function openDescriptors({ FS: { streams } }: Pyodide): number[] {
  return [...streams.keys()].filter((fd) => Boolean(streams[fd]));
}

/** A Python that is as new for every program: its memory is put back from a copy after each. */
export class Interpreter {
  readonly version: string;
  readonly python: string;
  readonly #pyodide: Pyodide;
  readonly #lock: ImportLock;
  readonly #control: Int32Array;
  readonly #interrupt: Uint8Array;
  readonly #inbox: number;
  readonly #outbox: number;
  readonly #step: PyProxy;
  /** Descriptors that are open before any program runs. */
  readonly #openFiles: ReadonlySet<number>;
  readonly #golden: Uint8Array;
  readonly #goldenBreak: number;
  readonly #goldenStack: number;

  private constructor(pyodide: Pyodide, lock: ImportLock, control: Int32Array, interrupt: Uint8Array) {
    this.#pyodide = pyodide;
    this.#lock = lock;
    this.#control = control;
    this.#interrupt = interrupt;
    this.version = pyodide.version;
    this.python = String(pyodide.runPython('import sys; ".".join(map(str, sys.version_info[:3]))'));
    this.#inbox = pyodide.globals.get('inbox').getBuffer().data.byteOffset;
    this.#outbox = pyodide.globals.get('outbox').getBuffer().data.byteOffset;
    this.#step = pyodide.globals.get('step');
    this.#openFiles = new Set(openDescriptors(pyodide));
    const call = new TextEncoder().encode('(i1;)');
    const warmUp: RunMessage = {
      number: 1,
      program: 'import math\n\ndef f(x):\n    return [str(x), {x: (x, math.sqrt(x))}]\n',
      entry: 'f',
      call,
      mode: 'once',
      cpuMs: 10_000,
      wallMs: 10_000,
      memoryMb: 96,
    };
    for (let count = 0; count < warmUps; count += 1) this.#execute(warmUp);
    pyodide.runPython('import gc; gc.collect(); gc.freeze()');
    const { HEAPU8, _sbrk, stackSave } = pyodide._module;
    this.#goldenBreak = _sbrk(0);
    this.#golden = HEAPU8.slice(0, this.#goldenBreak);
    this.#goldenStack = stackSave();
  }

  /** Loads Pyodide with its imports guarded and its watchdog beside it. */
  static async load(options: ImageOptions): Promise<Interpreter> {
    let heapLimit = Number.POSITIVE_INFINITY;
    const lock = new ImportLock({ clockOffsetMs: options.clockOffsetMs, maxHeapBytes: () => heapLimit });
    lock.install();
    const { loadPyodide } = (await import(pathToFileURL(`${options.pyodide}/pyodide.mjs`).href)) as {
      loadPyodide: (options: object) => Promise<Pyodide>;
    };
    const pyodide = await loadPyodide({
      indexURL: options.pyodide,
      // What Python would see as the module `js`: nothing, with no prototype to climb.
      jsglobals: Object.freeze(Object.create(null)),
      env: {
        HOME: options.home,
        PYTHONHASHSEED: String(options.hashSeed),
        TZ: options.timeZone,
        LANG: 'C.UTF-8',
      },
      stdLibURL: `${options.pyodide}/python_stdlib.zip`,
    });
    const drop = { write: (bytes: Uint8Array) => bytes.length };
    pyodide.setStdout(drop);
    pyodide.setStderr(drop);
    // The first denied call would otherwise declare the whole interpreter dead.
    pyodide._api.fatal_error = (error) => {
      throw error;
    };
    pyodide.runPython(`padding = bytearray(${options.padding})`);
    pyodide.runPython(readFileSync(options.harness, 'utf8'));
    pyodide.runPython('preload()');

    const control = new Int32Array(new SharedArrayBuffer(4 * slots.count));
    const interrupt = new Uint8Array(new SharedArrayBuffer(1));
    // Before the memory is copied, or the copy would switch interrupts off.
    pyodide.setInterruptBuffer(interrupt);
    const watchdog = new Worker(options.watchdog, {
      workerData: { control, interrupt } satisfies WatchdogData,
    });
    watchdog.unref();
    const interpreter = new Interpreter(pyodide, lock, control, interrupt);
    heapLimit = interpreter.#golden.length + options.memoryMb * 2 ** 20;
    return interpreter;
  }

  /** Runs a program and puts the interpreter back. After a `trap` it must not be used again. */
  run(message: RunMessage): RunEnd {
    const end = this.#execute(message);
    if (end.type !== 'trap') this.#restore();
    return end;
  }

  #execute({ number, program, entry, call, mode, cpuMs, wallMs }: RunMessage): RunEnd {
    this.#write([
      new TextEncoder().encode(program),
      new TextEncoder().encode(entry),
      call,
      new TextEncoder().encode(mode),
    ]);
    Atomics.store(this.#control, slots.softMs, cpuMs);
    Atomics.store(this.#control, slots.hardMs, wallMs);
    this.#interrupt[0] = 0;
    let failure: unknown;
    Atomics.store(this.#control, slots.run, number);
    Atomics.notify(this.#control, slots.run);
    this.#lock.lock();
    try {
      this.#step();
    } catch (error) {
      failure = error;
    } finally {
      this.#lock.unlock();
      Atomics.store(this.#control, slots.run, 0);
      Atomics.notify(this.#control, slots.run);
      this.#interrupt[0] = 0;
    }
    const { violation } = this.#lock;
    if (violation !== undefined) return { type: 'violation', what: violation.what };
    if (Atomics.load(this.#control, slots.interrupted) === number) return { type: 'limit', limit: 'cpu' };
    if (failure === undefined) return { type: 'frame', frame: this.#read() };
    if (failure instanceof LockViolation) return { type: 'violation', what: failure.what };
    return { type: 'trap', what: failure instanceof Error ? failure.name : typeof failure };
  }

  #write(parts: readonly Uint8Array[]): void {
    const heap = this.#pyodide._module.HEAPU8;
    const view = new DataView(heap.buffer);
    let at = this.#inbox + 16;
    for (const [index, part] of parts.entries()) {
      view.setUint32(this.#inbox + 4 * index, part.length, true);
      heap.set(part, at);
      at += part.length;
    }
  }

  #read(): Uint8Array {
    const heap = this.#pyodide._module.HEAPU8;
    const size = new DataView(heap.buffer).getUint32(this.#outbox, true);
    return heap.slice(this.#outbox + 4, this.#outbox + 4 + Math.min(size, 2 ** 16 - 4));
  }

  /** Puts memory, stack and open files back as they were before any program. */
  #restore(): void {
    const { FS, _module: module } = this.#pyodide;
    const grownTo = module._sbrk(0);
    const heap = module.HEAPU8;
    // Below the stack pointer nothing is alive: it is wiped, which takes half of the time of copying.
    const dead = this.#lock.stackEnd();
    heap.set(this.#golden.subarray(0, dead));
    heap.fill(0, dead, this.#goldenStack);
    heap.set(this.#golden.subarray(this.#goldenStack), this.#goldenStack);
    // The allocator takes memory above its break to be zero.
    if (grownTo > this.#goldenBreak) heap.fill(0, this.#goldenBreak, grownTo);
    module.stackRestore(this.#goldenStack);
    for (const fd of openDescriptors(this.#pyodide)) if (!this.#openFiles.has(fd)) FS.closeStream(fd);
  }
}
