import type { Pair } from '../../../protocol/task.ts';
import { argumentText, callText } from './session.ts';

/** A call as it stands in a text: `f(1, 2)`. */
export function callSource(entry: string, call: string): string {
  return `${entry}(${argumentText(call)})`;
}

/** Literal text of the argument tuple, from a call that stands alone: the inverse of `callSource`. Undefined where that is no call of the entry. */
export function wholeCall(entry: string, text: string): string | undefined {
  const source = text.trim();
  const opening = `${entry}(`;
  return source.startsWith(opening) && source.endsWith(')')
    ? callText(source.slice(opening.length, -1))
    : undefined;
}

/** Calls with their outputs, a line each. */
export function knownPairs(entry: string, pairs: readonly Pair[]): string {
  return pairs.map(([call, output]) => `${callSource(entry, call)} gives ${output}`).join('\n');
}

/** A program and what is known of it. */
export function programAndPairs(program: string, entry: string, pairs: readonly Pair[]): string {
  return `${program.trimEnd()}\n\n${knownPairs(entry, pairs)}`;
}
