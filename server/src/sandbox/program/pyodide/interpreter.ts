import type { RunEnd, RunMessage } from '../image.ts';
import type { ImageVariant } from '../image-variants.ts';
import { ImportLock, LockViolation } from './import-lock.ts';
import { loadPyodide, type Pyodide, type PyodideFiles, type PyProxy } from './pyodide.ts';
import type { Clock } from './watchdog.ts';

/** Runs before the memory is copied: what a first one touches, none after it has to. */
const warmUps = 5;

const warmUp: RunMessage = {
  number: 1,
  program: 'import math\n\ndef f(x):\n    return [str(x), {x: (x, math.sqrt(x))}]\n',
  entry: 'f',
  call: new TextEncoder().encode('(i1;)'),
  mode: 'once',
  cpuMs: 10_000,
  wallMs: 10_000,
  memoryMb: 96,
};

/** How much its memory may grow before it is replaced, bytes. */
const maxGrown = 64 * 2 ** 20;

/** What an interpreter is loaded with. */
export interface InterpreterOptions extends PyodideFiles {
  readonly variant: ImageVariant;
  /** Memory of an interpreter of this variant that is ready for programs. */
  readonly snapshot: Uint8Array;
  /** How far the heap may grow beyond the loaded interpreter. */
  readonly memoryMb: number;
  readonly clock: Clock;
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
  readonly #clock: Clock;
  readonly #inbox: number;
  readonly #outbox: number;
  readonly #step: PyProxy;
  /** Descriptors that are open before any program runs. */
  readonly #openFiles: ReadonlySet<number>;
  readonly #golden: Uint8Array;
  readonly #goldenBreak: number;
  readonly #goldenStack: number;

  private constructor(pyodide: Pyodide, lock: ImportLock, clock: Clock) {
    this.#pyodide = pyodide;
    this.#lock = lock;
    this.#clock = clock;
    this.version = pyodide.version;
    this.python = String(pyodide.runPython('import sys; ".".join(map(str, sys.version_info[:3]))'));
    this.#inbox = pyodide.globals.get('inbox').getBuffer().data.byteOffset;
    this.#outbox = pyodide.globals.get('outbox').getBuffer().data.byteOffset;
    this.#step = pyodide.globals.get('step');
    this.#openFiles = new Set(openDescriptors(pyodide));
    for (let count = 0; count < warmUps; count += 1) this.#execute(warmUp);
    const { HEAPU8, _sbrk, stackSave } = pyodide._module;
    this.#goldenBreak = _sbrk(0);
    this.#golden = HEAPU8.slice(0, this.#goldenBreak);
    this.#goldenStack = stackSave();
  }

  /** Loads an interpreter from a snapshot, with its imports guarded. One at a time in a process. */
  static async load({
    variant,
    snapshot,
    memoryMb,
    clock,
    ...files
  }: InterpreterOptions): Promise<Interpreter> {
    let heapLimit = Number.POSITIVE_INFINITY;
    const lock = new ImportLock({ ...variant, maxHeapBytes: () => heapLimit });
    // What was set in the snapshot is set; this is for the file system, which is no part of the memory.
    const env = { HOME: variant.home };
    const pyodide = await lock.during(() => loadPyodide(files, { env, _loadSnapshot: snapshot }));
    // The first denied call would otherwise declare the whole interpreter dead.
    pyodide._api.fatal_error = (error) => {
      throw error;
    };
    // Before the memory is copied, or the copy would switch interrupts off.
    pyodide.setInterruptBuffer(clock.interrupt);
    // Not in the snapshot, where chance would be the same each time.
    pyodide.runPython(`toss(${variant.heads ? 1 : 0})`);
    const interpreter = new Interpreter(pyodide, lock, clock);
    // Putting memory back touches all of it for the first time.
    for (let count = 0; count < warmUps; count += 1) interpreter.run(warmUp);
    heapLimit = interpreter.#golden.length + memoryMb * 2 ** 20;
    return interpreter;
  }

  /** Whether programs made it hold much more memory than it began with: putting that back takes time for each later one. */
  get isBloated(): boolean {
    return this.#pyodide._module.HEAPU8.length > this.#golden.length + maxGrown;
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
    let failure: unknown;
    this.#clock.begin(number, { softMs: cpuMs, hardMs: wallMs });
    this.#lock.lock();
    try {
      this.#step();
    } catch (error) {
      failure = error;
    }
    this.#lock.unlock();
    const interrupted = this.#clock.end(number);
    const { violation } = this.#lock;
    if (violation !== undefined) return { type: 'violation', what: violation.what };
    if (interrupted) return { type: 'limit', limit: 'cpu' };
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
