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
