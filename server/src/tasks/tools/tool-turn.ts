import { continuation, isContinuation } from '../session.ts';

/**
 * What a model writes behind the prompt mark of a session, up to where it is run: a line, or a block with its lines under `... `.
 */

/** Whether such a text has come to where it is run: known from the first character on that is no part of it any more. */
export function turnEnds(text: string): boolean {
  const [first = '', ...following] = text.split('\n');
  const open = following.pop();
  if (open === undefined) return false;
  if (!opensBlock(first)) return true;
  return !following.every(isContinuation) || !(isContinuation(open) || continuation.startsWith(open));
}

/** The code of such a text, with the prompt marks taken off. */
export function turnCode(text: string): string {
  const [first = '', ...following] = withoutSpace(text).split('\n');
  const end = following.findIndex((line) => !isContinuation(line));
  const body = following.slice(0, end === -1 ? undefined : end);
  return [first, ...body.map((line) => line.slice(continuation.length))]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** What such a text says behind the opening of an answer; undefined where it does not begin with that. */
export function answerBehind(opening: string, text: string): string | undefined {
  const said = withoutSpace(text);
  return said.startsWith(opening) ? said.slice(opening.length) : undefined;
}

/** Whether there is nothing in a piece of code that could run. */
export function isBlank(code: string): boolean {
  return code.split('\n').every((line) => /^\s*(#|$)/.test(line));
}

/** What stands on the first line of a block that goes on under it. */
function opensBlock(line: string): boolean {
  return !isBlank(line) && /^\s*@|:\s*(#.*)?$/.test(line);
}

/** The mark is `>>> `, and prompts end without its space: models write that with the word behind it. */
function withoutSpace(text: string): string {
  return text.startsWith(' ') ? text.slice(1) : text;
}
