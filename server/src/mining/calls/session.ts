import { parsePython } from '../python-parser.ts';
import type { SyntaxTree } from '../syntax/syntax.ts';

/** Code that a person shows as if it had been typed in one go: a doctest session, the blocks of a document. */
export interface Session {
  readonly tree: SyntaxTree;
  /** Line of the text around it for each line of the session's code, both counted from 1. */
  readonly lines: readonly number[];
}

/** Lines of code that stand together: one example of a doctest, one block. */
export interface SessionPart {
  readonly code: string;
  /** Of its first line in the text around it, counted from 1. */
  readonly line: number;
}

/** More lines than this in one session are cut off. */
export const maxSessionLines = 2_000;

/** The parts as one session; none where nothing of it parses. A part that is no Python hides no other. */
export function sessionOf(parts: readonly SessionPart[]): Session[] {
  if (parts.length === 0) return [];
  const whole = parsed(parts);
  if (whole.tree.errorAt === null) return [whole];
  const good = parts.filter((part) => parsed([part]).tree.errorAt === null);
  return good.length === 0 ? [] : [parsed(good)];
}

function parsed(parts: readonly SessionPart[]): Session {
  const lines = parts.flatMap(({ code, line }) => code.split('\n').map((_, index) => line + index));
  return { tree: parsePython(parts.map(({ code }) => `${code}\n`).join('')), lines };
}
