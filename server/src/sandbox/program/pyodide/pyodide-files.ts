import path from 'node:path';
import { asset } from '../../../entry-point.ts';
import type { PyodideFiles } from './pyodide.ts';

/** Where what ships of Pyodide is. */
export function pyodideFiles(): PyodideFiles {
  return { pyodide: asset('pyodide').replace(/[/\\]$/, ''), library: asset('python-stdlib.zip') };
}

/** Folders that a process must read to load it. */
export function foldersOf({ pyodide, library }: PyodideFiles): string[] {
  return [pyodide, path.dirname(library)];
}
