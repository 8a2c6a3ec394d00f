import type { Pair } from '../../../protocol/task.ts';
import { topLevelStatements } from '../mining/python-parser.ts';

/**
 * A program in the form of an interactive Python session. Small models continue a session far better than they answer a
 * question (docs/self-play.md has the figures).
 */
export function sessionSource(program: string): string {
  return topLevelStatements(program).map(sessionStatement).join('');
}

function sessionStatement(source: string): string {
  const [first = '', ...rest] = source.split('\n');
  if (rest.length === 0) return `>>> ${first}\n`;
  const continued = rest.map((line) => (line === '' ? '...' : `... ${line}`));
  return `>>> ${first}\n${continued.join('\n')}\n...\n`;
}

/** One call and what it printed. `args` is source text between the parentheses. */
export function sessionCall(entry: string, args: string, output: string): string {
  return `>>> ${entry}(${args})\n${output}\n`;
}

/** A message, where there is one, and pairs, as comments of a session. */
export function pairComments(entry: string, message: string | null, pairs: readonly Pair[]): string {
  const lines = pairs.map(([call, output]) => `>>> # ${entry}(${argumentText(call)}) gives ${output}\n`);
  return `${message === null ? '' : `>>> # ${message}\n`}${lines.join('')}`;
}

/**
 * The function that model text continues after `>>> def`: its first line and the lines under `... `, with the prompts
 * taken off. It ends at a bare `...` or at the first line that does not go on with one; `rest` is what follows.
 * Undefined where no complete line of a body stands there, or where the text breaks off inside of it.
 */
export function continuedFunction(
  text: string,
): { readonly source: string; readonly rest: string } | undefined {
  const [first = '', ...following] = text.trimStart().split('\n');
  const end = following.findIndex((line) => !isContinuation(line));
  if (end < 1) return undefined;
  const body = following.slice(0, end).map((line) => `\n${line.slice(4).trimEnd()}`);
  const rest = following.slice(following[end]?.trimEnd() === '...' ? end + 1 : end);
  return { source: `def ${first.trimEnd()}${body.join('')}`, rest: rest.join('\n') };
}

/** Whether a line goes on with what stands above it. */
export function isContinuation(line: string): boolean {
  return line.startsWith(continuation);
}

/** What a line begins with that goes on with what stands above it. */
export const continuation = '... ';

/** Whether text that continues `>>> def` has come to a complete line that is no more of the function's body. */
export function functionEnds(text: string): boolean {
  const lines = text.trimStart().split('\n').slice(1, -1);
  return lines.some((line) => !isContinuation(line));
}

/** Whether text that continues a line has come to its end. */
export function lineEnds(text: string): boolean {
  return text.includes('\n');
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Source text of a call's arguments, from the literal text of its argument tuple: `(1, 'a')` → `1, 'a'`, `(1,)` → `1`. */
export function argumentText(call: string): string {
  return call.slice(1, -1).replace(/,$/, '');
}

/** Literal text of the argument tuple, from the source text between a call's parentheses: the inverse of `argumentText`. */
export function callText(args: string): string {
  const inner = args.trim().replace(/,$/, '');
  return inner === '' ? '()' : `(${inner},)`;
}
