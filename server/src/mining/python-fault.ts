import { descendants, lineAt, type SyntaxTree } from './syntax/syntax.ts';

/** Where a text stops being Python 3. */
export interface PythonFault {
  /** Counted from 1. */
  readonly line: number;
  readonly isPython2: boolean;
}

/** The first place where a tree is no Python 3; undefined where all of it is. */
export function faultIn(tree: SyntaxTree): PythonFault | undefined {
  if (tree.errorAt !== null) return { line: lineAt(tree.text, tree.errorAt), isPython2: false };
  for (const { type, start } of descendants(tree.root)) {
    if (!['print_statement', 'exec_statement', 'chevron'].includes(type)) continue;
    return { line: lineAt(tree.text, start), isPython2: true };
  }
  return undefined;
}

/** Names the place as losses do. */
export function faultText({ line, isPython2 }: PythonFault): string {
  return `line ${line}${isPython2 ? ': Python 2' : ''}`;
}
