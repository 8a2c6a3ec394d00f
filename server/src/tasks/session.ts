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

/**
 * The function that model text continues after `>>> def `: the text up to the first bare `...`, with the prompts of its
 * lines taken off. Undefined where no bare `...` closes it.
 */
export function continuedFunction(
  text: string,
): { readonly source: string; readonly rest: string } | undefined {
  const lines = text.split('\n');
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '...');
  if (end === -1) return undefined;
  const [first = '', ...body] = lines.slice(0, end);
  if (body.length === 0 || !body.every((line) => line.startsWith('... '))) return undefined;
  const source = ['def ', first, ...body.map((line) => `\n${line.slice(4).trimEnd()}`)].join('');
  return { source, rest: lines.slice(end + 1).join('\n') };
}

/** Whether text that continues `>>> def ` has come to the bare `...` that closes the function. */
export function functionEnds(text: string): boolean {
  return /\n\.\.\.[ \t]*\n/.test(text);
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
