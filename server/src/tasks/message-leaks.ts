import type { Pair } from '../../../protocol/task.ts';
import { argumentText } from './session.ts';

/** Lines of a program from this length on are code that no sentence holds by chance; characters. */
const codeLine = 10;

/** Tokens that a message and a program may have in common in a row, where two of them are no words; one more is code. */
const sharedTokens = 4;

/** Every sentence about a condition names them. */
const constants = new Set(['True', 'False', 'None']);

/** Shorter literals stand everywhere and give nothing away; characters. */
const shortOutput = 3;
const shortCall = 5;

/**
 * Whether a message that describes a program gives away its code, or the call or output of a pair, instead of describing what it
 * does. One rule for what a proposer says of a program and what a solver explains of it.
 */
export function leaks(
  message: string,
  { program, entry }: { readonly program: string; readonly entry: string },
  pairs: readonly Pair[],
): boolean {
  const codeLines = program.split('\n').map((line) => line.trim());
  if (codeLines.some((line) => line.length >= codeLine && message.includes(line))) return true;
  if (/\b(def|lambda|return|import)\b.*[(:=]/.test(message) || message.includes(`${entry}(`)) return true;
  if (sharesCode(message, program)) return true;
  const said = plain(message);
  return pairs.some(
    ([call, output]) =>
      (output.length > shortOutput && !constants.has(output) && said.includes(plain(output))) ||
      (call.length > shortCall && said.includes(plain(argumentText(call)))),
  );
}

/** A text as it reads, however it is spaced and quoted. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, '').replaceAll('"', "'");
}

/** Whether a run of the message's tokens stands in the program, with operators or brackets in it. */
function sharesCode(message: string, program: string): boolean {
  const size = sharedTokens + 1;
  const inProgram = new Set(runs(tokens(program), size).map((run) => run.join(' ')));
  return runs(tokens(message), size).some(
    (run) => run.filter((token) => /^\W$/.test(token)).length >= 2 && inProgram.has(run.join(' ')),
  );
}

function tokens(text: string): string[] {
  return text.match(/\w+|[^\w\s]/gu) ?? [];
}

function runs(items: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.max(0, items.length - size + 1) }, (_, at) => items.slice(at, at + size));
}
