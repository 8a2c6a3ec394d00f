import fs from 'node:fs';
import os from 'node:os';
import { pathToFileURL } from 'node:url';

/** What we use of Pyodide's own, partly private, interface. Pinned to one version, checked when it starts. */
export interface Pyodide {
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
  /** The whole memory; where it was loaded with `_makeSnapshot`. */
  makeMemorySnapshot(): Uint8Array;
}

export interface PyProxy {
  (): unknown;
  getBuffer(): { readonly data: Uint8Array };
}

/** Where Pyodide is: its folder, and the compiled standard library. */
export interface PyodideFiles {
  readonly pyodide: string;
  readonly library: string;
}

/**
 * Loads Pyodide from its folder, with nothing of JavaScript in reach of Python. A process that calls this must have been
 * started with Node's permissions; it is changed to bear them.
 */
export async function loadPyodide(
  { pyodide: folder, library }: PyodideFiles,
  options: { readonly env: Readonly<Record<string, string>> } & (
    | { readonly _makeSnapshot: true }
    | { readonly _loadSnapshot: Uint8Array }
  ),
): Promise<Pyodide> {
  // Pyodide's file system would ask for this and be refused; it needs only the constants.
  (process as unknown as { binding: unknown }).binding = () => ({
    fs: fs.constants,
    os: os.constants,
    ...os.constants,
  });
  // The interpreter's environment names the program that runs it, and with it a place of this machine.
  process.argv[1] = 'python';
  const module = (await import(pathToFileURL(`${folder}/pyodide.mjs`).href)) as {
    loadPyodide: (options: object) => Promise<Pyodide>;
  };
  const pyodide = await module.loadPyodide({
    indexURL: folder,
    // What Python would see as the module `js`: nothing, with no prototype to climb.
    jsglobals: Object.freeze(Object.create(null)),
    stdLibURL: library,
    ...options,
  });
  const drop = { write: (bytes: Uint8Array) => bytes.length };
  pyodide.setStdout(drop);
  pyodide.setStderr(drop);
  return pyodide;
}
