import { createHash } from 'node:crypto';
import type { IndexedTask } from '../engine/task-index.ts';

/** A function as it was when mined. */
export type MinedFunction = Pick<IndexedTask, 'symbol' | 'line' | 'endLine' | 'unitHash'>;

/**
 * Where a mined function stands in a text that may have been edited since, counted from 0: its first decorator or `def`.
 * Undefined where no function of its name is left. It looks for `def` lines only, so that an answer takes no parser, and
 * a lens stays where it is while a person types in the function's body. Of several functions of one name it takes the one
 * with the same text, else the one nearest to where it was.
 */
export function functionLine(lines: readonly string[], mined: MinedFunction): number | undefined {
  const name = mined.symbol.slice(mined.symbol.lastIndexOf('.') + 1);
  const starts = definitionLines(lines, name).map((line) => firstDecorator(lines, line));
  if (starts.length <= 1) return starts[0];
  const same = starts.find(
    (start) => hashAt(lines, start, mined.endLine - mined.line + 1) === mined.unitHash,
  );
  if (same !== undefined) return same;
  const distance = (start: number) => Math.abs(start - (mined.line - 1));
  return starts.reduce((best, start) => (distance(start) < distance(best) ? start : best));
}

function definitionLines(lines: readonly string[], name: string): number[] {
  const found: number[] = [];
  for (const [number, line] of lines.entries()) {
    const match = /^\s*(?:async\s+)?def\s+([^\s([]+)/.exec(line);
    if (match?.[1] === name) found.push(number);
  }
  return found;
}

function firstDecorator(lines: readonly string[], definition: number): number {
  const indent = /^\s*/.exec(lines[definition] ?? '')?.[0] ?? '';
  let first = definition;
  while (first > 0 && (lines[first - 1] ?? '').startsWith(`${indent}@`)) first -= 1;
  return first;
}

/** The hash that mining gives a unit: of its text from its first character, without what follows its last. */
function hashAt(lines: readonly string[], start: number, count: number): string {
  const text = lines
    .slice(start, start + count)
    .join('\n')
    .trimStart();
  return createHash('sha256').update(text).digest('hex');
}
