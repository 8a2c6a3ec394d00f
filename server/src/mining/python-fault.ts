import { lineAt, type SyntaxTree } from './syntax/syntax.ts';

/** Where a text stops being Python 3. */
export interface PythonFault {
  /** Counted from 1. */
  readonly line: number;
  readonly isPython2: boolean;
}

/** The first place where a tree is no Python 3; undefined where all of it is. */
export function faultIn({ text, errorAt, python2At }: SyntaxTree): PythonFault | undefined {
  if (errorAt !== null) return { line: lineAt(text, errorAt), isPython2: false };
  return python2At === null ? undefined : { line: lineAt(text, python2At), isPython2: true };
}

/** Names the place as losses do. */
export function faultText({ line, isPython2 }: PythonFault): string {
  return `line ${line}${isPython2 ? ': Python 2' : ''}`;
}
