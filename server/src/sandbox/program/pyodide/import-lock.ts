/**
 * Everything that WebAssembly can do to the outside, it does through functions that it imports. While a program runs, those
 * that are not on the list throw: the capability is gone, not hidden, so no trick inside of the interpreter finds it.
 */

/** What a program that computes needs: errors and numbers of the bridge, clocks, reading the library's own files. */
const allowed: ReadonlySet<string> = new Set([
  'JsvError_Check',
  'JsvNoValue_Check',
  'JsvNum_fromInt',
  'Jsv_GetNull_import',
  '_PyEM_TrampolineCall_JS',
  '_Py_CheckEmscriptenSignals_Helper',
  '_emscripten_get_progname',
  '_gmtime_js',
  '_localtime_js',
  '_mktime_js',
  '_timegm_js',
  '_tzset_js',
  '__syscall_faccessat',
  '__syscall_fcntl64',
  '__syscall_fstat64',
  '__syscall_getcwd',
  '__syscall_getdents64',
  '__syscall_getuid32_js',
  '__syscall_ioctl',
  '__syscall_lstat64',
  '__syscall_newfstatat',
  '__syscall_readlinkat',
  '__syscall_stat64',
  'clock_res_get',
  'emscripten_get_heap_max',
  'environ_get',
  'environ_sizes_get',
  'fd_fdstat_get',
  'fd_pread',
  'fd_seek',
  'random_get',
]);

/** `open(2)` flags of this libc that write: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND. */
const writingFlags = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000;

/** Errors of WASI that a denied call answers with. */
const badFile = 8;
const ioError = 29;
/** `-EROFS`: the file system is read-only. */
const readOnly = -69;

/** What a program may print, bytes. Nobody reads it. */
const maxPrinted = 64 * 1024;

type Import = (...args: never[]) => unknown;

/** Thrown through the interpreter when a program reaches for what it may not have. */
export class LockViolation extends Error {
  readonly what: string;

  constructor(what: string) {
    super(what);
    this.name = 'LockViolation';
    this.what = what;
  }
}

export interface ImportLockOptions {
  readonly clockOffsetMs: number;
  readonly clockRate: number;
  readonly maxHeapBytes: () => number;
}

/** The lock of one interpreter. */
export class ImportLock {
  readonly #options: ImportLockOptions;
  #locked = false;
  #violation: LockViolation | undefined;
  #printed = 0;
  /** When the program first looked at a clock. */
  #begun: number | undefined;
  #memory: WebAssembly.Memory | undefined;
  #stackEnd: (() => number) | undefined;

  constructor(options: ImportLockOptions) {
    this.#options = options;
  }

  /** The first thing that the last program reached for in vain. */
  get violation(): LockViolation | undefined {
    return this.#violation;
  }

  /** The lowest address of the interpreter's own stack, which grows towards it. */
  stackEnd(): number {
    if (this.#stackEnd === undefined) throw new TypeError('The interpreter has no stack yet.');
    return this.#stackEnd();
  }

  lock(): void {
    this.#begun = undefined;
    this.#violation = undefined;
    this.#printed = 0;
    this.#locked = true;
  }

  unlock(): void {
    this.#locked = false;
  }

  /** Loads what calls `WebAssembly.instantiate`, which gets guarded imports meanwhile. */
  async during<T>(load: () => Promise<T>): Promise<T> {
    const { instantiate } = WebAssembly;
    const guarded = async (
      source: WebAssembly.Module | ArrayBufferView | ArrayBuffer,
      imports?: WebAssembly.Imports,
    ) => {
      if (imports?.['env'] === undefined) return instantiate.call(WebAssembly, source, imports);
      const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
      const instance = (await instantiate.call(
        WebAssembly,
        module,
        this.#guard(module, imports),
      )) as WebAssembly.Instance;
      this.#memory = instance.exports['memory'] as WebAssembly.Memory;
      this.#stackEnd = instance.exports['emscripten_stack_get_end'] as () => number;
      return { instance, module };
    };
    (WebAssembly as { instantiate: unknown }).instantiate = guarded;
    try {
      return await load();
    } finally {
      (WebAssembly as { instantiate: unknown }).instantiate = instantiate;
    }
  }

  #guard(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Imports {
    const wrapped: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      const value = imports[from]?.[name];
      if (value === undefined) continue;
      wrapped[from] ??= {};
      wrapped[from][name] = kind === 'function' ? this.#guarded(name, value as Import) : value;
    }
    return wrapped;
  }

  #guarded(name: string, original: Import): Import {
    const open = this.#whileLocked(name, original as (...args: unknown[]) => unknown);
    return ((...args: unknown[]) => {
      if (!this.#locked) return (original as (...given: unknown[]) => unknown)(...args);
      return open(...args);
    }) as Import;
  }

  /** What an import does while a program runs. */
  #whileLocked(name: string, original: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    const { clockOffsetMs, maxHeapBytes } = this.#options;
    const ahead = () => this.#hurriedMs() + clockOffsetMs;
    if (name.startsWith('invoke_') || allowed.has(name)) return original;
    switch (name) {
      case '__syscall_openat':
        return (...args) => ((args[2] as number) & writingFlags ? readOnly : original(...args));
      case 'emscripten_resize_heap':
        return (...args) => ((args[0] as number) >>> 0 > maxHeapBytes() ? 0 : original(...args));
      case 'emscripten_date_now':
        return (...args) => (original(...args) as number) + ahead();
      case 'emscripten_get_now':
        return (...args) => (original(...args) as number) + this.#hurriedMs() + Math.abs(clockOffsetMs);
      case 'clock_time_get':
        return (...args) => {
          const result = original(...args);
          const at = args[2] as number;
          const view = new DataView(this.#bytes().buffer);
          // The first clock is the time of day; the others only ever grow, so none of them is moved to before its beginning.
          const moved = args[0] === 0 ? ahead() : this.#hurriedMs() + Math.abs(clockOffsetMs);
          view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(Math.round(moved * 1e6)), true);
          return result;
        };
      case 'fd_close':
        // The three that every program begins with stay open for the next one.
        return (...args) => ((args[0] as number) <= 2 ? badFile : original(...args));
      case 'fd_write':
        return (...args) => this.#print(args as number[]);
      case 'fd_read':
        // Standard input is at its end.
        return (...args) => {
          if (args[0] !== 0) return original(...args);
          new DataView(this.#bytes().buffer).setUint32(args[3] as number, 0, true);
          return 0;
        };
      default:
        return () => {
          this.#violation ??= new LockViolation(name);
          throw this.#violation;
        };
    }
  }

  /** By how much the clock has run ahead of the real one, milliseconds. */
  #hurriedMs(): number {
    this.#begun ??= performance.now();
    return (performance.now() - this.#begun) * (this.#options.clockRate - 1);
  }

  /** `fd_write` to standard output or error: counted, then dropped. */
  #print([fd, vectors, count, written]: readonly number[]): number {
    if (fd !== 1 && fd !== 2) return badFile;
    const view = new DataView(this.#bytes().buffer);
    let size = 0;
    for (let index = 0; index < (count ?? 0); index += 1)
      size += view.getUint32((vectors ?? 0) + 8 * index + 4, true);
    this.#printed += size;
    if (this.#printed > maxPrinted) return ioError;
    view.setUint32(written ?? 0, size, true);
    return 0;
  }

  #bytes(): Uint8Array {
    if (this.#memory === undefined) throw new TypeError('The interpreter has no memory yet.');
    return new Uint8Array(this.#memory.buffer);
  }
}
