import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../../protocol/sandbox.ts';
import { readCall } from '../values/literal-reader.ts';
import type { Call } from '../values/value.ts';

/** A program from a file, with what its first comment lines say of it. */
export interface Program {
  /** Path below its folder, without the ending: what a test is called. */
  readonly name: string;
  readonly source: string;
  /** Argument tuples; `(3,)` where the file says nothing. */
  readonly calls: readonly [Call, ...Call[]];
  /** Public functions of the file, in its order. */
  readonly functions: readonly string[];
  /** How it must end on this backend, as a regular expression for the whole of `told`'s text; anyhow, where nothing is said. */
  readonly expected: Readonly<Record<Backend['name'], RegExp>>;
  /** Its result is a fair coin's toss: now and then all images of a sandbox agree on it. */
  readonly isCoin: boolean;
}

const header = /^# (?<key>[a-z ]+): (?<value>.*)$/;

/**
 * Reads every Python file below a folder. A file begins with comment lines `# key: value`:
 * `expect` says how it must end, `expect native` and `expect pyodide` where the backends differ, `call` the arguments, once or
 * more often as Python literal text; `coin` that chance decides between two results.
 */
export function readPrograms(folder: string): Program[] {
  return filesBelow(folder, '.py').map((file) => readProgram(folder, file));
}

/** Paths below a folder of the files with this ending, sorted. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort();
}

function readProgram(folder: string, file: string): Program {
  const source = readFileSync(path.join(folder, file), 'utf8');
  const said: [string, string][] = [];
  for (const line of source.split('\n')) {
    const { key, value } = header.exec(line)?.groups ?? {};
    if (key === undefined || value === undefined) break;
    said.push([key, value]);
  }
  const find = (name: string) => said.find(([key]) => key === name)?.[1];
  const expected = (backend: Backend['name']) =>
    new RegExp(`^(?:${find(`expect ${backend}`) ?? find('expect') ?? '.*'})$`, 's');
  const calls = said.filter(([key]) => key === 'call').map(([, text]) => callOf(text, file));
  const [first = callOf('(3,)', file), ...others] = calls;
  return {
    name: file.slice(0, -'.py'.length).split(path.sep).join('/'),
    source,
    calls: [first, ...others],
    functions: [...source.matchAll(/^def ([a-z]\w*)/gm)].map(([, name = '']) => name),
    expected: { native: expected('native'), pyodide: expected('pyodide') },
    isCoin: find('coin') === 'fair',
  };
}

function callOf(text: string, file: string): Call {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(`${file}: ${text} is no call.`);
  return read.value;
}
