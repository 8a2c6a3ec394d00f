import { realpathSync } from 'node:fs';
import path from 'node:path';
import { asset } from '../../../entry-point.ts';
import type { PyodideFiles } from './pyodide.ts';

/** Where what ships of Pyodide is, with no link on the way: Node's permissions are asked for the place that a link names. */
export function pyodideFiles(): PyodideFiles {
  return {
    pyodide: realpathSync(asset('pyodide')),
    library: realpathSync(asset('python-stdlib.zip')),
  };
}

/** Folders that a process must read to load it. */
export function foldersOf({ pyodide, library }: PyodideFiles): string[] {
  return [pyodide, path.dirname(library)];
}
