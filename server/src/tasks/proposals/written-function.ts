import { wholeCall } from '../in-words.ts';
import type { Candidate } from '../kind-spec.ts';
import { callText, continuedFunction, firstLine } from '../session.ts';
import { closedArguments } from './call-form.ts';

/** The completion is a whole function and one call of it: complete at the end of the line after the function. */
export function functionAndCallEnd(text: string): boolean {
  return continuedFunction(text)?.rest.includes('\n') ?? false;
}

/** Reads a function that the model wrote after `>>> def` and the call after it. `before` is source that stands above it. */
export function readFunctionAndCall(text: string, before: string): Candidate | undefined {
  const written = continuedFunction(text);
  const entry = /^def ([A-Za-z_]\w*)\(/.exec(written?.source ?? '')?.[1];
  if (written === undefined || entry === undefined) return undefined;
  const line = firstLine(written.rest);
  const opening = `>>> ${entry}(`;
  const args = line.startsWith(opening) ? closedArguments(line.slice(opening.length)) : undefined;
  if (args === undefined) return undefined;
  return { type: 'call', program: `${before}${written.source}\n`, entry, call: callText(args) };
}

/** Reads a function and, on the last line, a call of it. `before` is source that stands above it. */
export function readSourceAndCall(answer: string, before: string): Candidate | undefined {
  const lines = answer.trim().split('\n');
  const last = lines.pop() ?? '';
  const source = lines.join('\n').trim();
  const entry = /^([A-Za-z_]\w*)\(/.exec(last)?.[1];
  if (entry === undefined || !source.split('\n').some((line) => line.startsWith(`def ${entry}(`)))
    return undefined;
  const call = wholeCall(entry, last);
  return call === undefined ? undefined : { type: 'call', program: `${before}${source}\n`, entry, call };
}
