import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../protocol/sandbox.ts';

/** A program from a file, with what its first comment lines say of it. */
export interface Program {
  /** Path below its folder, without the ending: what a test is called. */
  readonly name: string;
  readonly source: string;
  /** The argument tuple as Python literal text; `(3,)` where the file says nothing. */
  readonly call: string;
  /** How it must end on this backend, as a regular expression for the whole of `told`'s text. */
  readonly expected: Readonly<Record<Backend['name'], RegExp>>;
}

const header = /^# (?<key>[a-z ]+): (?<value>.*)$/;

/**
 * Reads every Python file below a folder. A file begins with comment lines `# key: value`:
 * `expect` says how it must end, `expect native` and `expect pyodide` where the backends differ, `call` the arguments.
 */
export function readPrograms(folder: string): Program[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.py'))
    .sort()
    .map((file) => readProgram(folder, file));
}

function readProgram(folder: string, file: string): Program {
  const source = readFileSync(path.join(folder, file), 'utf8');
  const said = new Map<string, string>();
  for (const line of source.split('\n')) {
    const { key, value } = header.exec(line)?.groups ?? {};
    if (key === undefined || value === undefined) break;
    said.set(key, value);
  }
  const expected = (backend: Backend['name']) => {
    const pattern = said.get(`expect ${backend}`) ?? said.get('expect');
    if (pattern === undefined) throw new TypeError(`${file} does not say how it must end on ${backend}.`);
    return new RegExp(`^(?:${pattern})$`, 's');
  };
  return {
    name: file.slice(0, -'.py'.length).split(path.sep).join('/'),
    source,
    call: said.get('call') ?? '(3,)',
    expected: { native: expected('native'), pyodide: expected('pyodide') },
  };
}
