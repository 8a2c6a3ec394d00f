import type { Difficulty } from '../../../../protocol/seed.ts';
import type { Trace } from '../../sandbox/sandbox.ts';
import { parsePython } from '../python-parser.ts';
import type { SyntaxNode, SyntaxTree } from '../syntax/syntax.ts';

/** Counts of one line of a program. */
interface LineCounts {
  branches: number;
  loops: number;
  calls: number;
  operators: number;
  depth: number;
}

/** A program whose lines were counted, for many calls of it. */
export type CountedProgram = ReadonlyMap<number, LineCounts>;

const kinds: Readonly<Record<string, 'branches' | 'loops' | 'calls' | 'operators'>> = {
  if_statement: 'branches',
  elif_clause: 'branches',
  conditional_expression: 'branches',
  if_clause: 'branches',
  try_statement: 'branches',
  match_statement: 'branches',
  for_statement: 'loops',
  while_statement: 'loops',
  for_in_clause: 'loops',
  call: 'calls',
  binary_operator: 'operators',
  boolean_operator: 'operators',
  comparison_operator: 'operators',
  not_operator: 'operators',
  unary_operator: 'operators',
  augmented_assignment: 'operators',
  subscript: 'operators',
};

const blocks = new Set([
  'function_definition',
  'class_definition',
  'for_statement',
  'while_statement',
  'if_statement',
  'with_statement',
  'try_statement',
  'match_statement',
]);

/** Counts what each line of a program holds. */
export function countProgram(program: string): CountedProgram {
  const tree = parsePython(program);
  const lines = new Map<number, LineCounts>();
  const starts = lineStarts(tree);
  const visit = (node: SyntaxNode, depth: number) => {
    const line = starts(node.start);
    const counts = lines.get(line) ?? { branches: 0, loops: 0, calls: 0, operators: 0, depth };
    lines.set(line, counts);
    const kind = kinds[node.type];
    if (kind !== undefined) counts[kind] += 1;
    const inner = blocks.has(node.type) ? depth + 1 : depth;
    for (const child of node.children) if (child.named) visit(child, inner);
  };
  visit(tree.root, 0);
  return lines;
}

/** How hard a call is: what it executes, counted over the lines that it reaches. */
export function difficultyOf(lines: CountedProgram, { steps, lines: executed }: Trace): Difficulty {
  const difficulty = { steps, branches: 0, loops: 0, calls: 0, operators: 0, depth: 0 };
  for (const line of executed) {
    const counts = lines.get(line);
    if (counts === undefined) continue;
    difficulty.branches += counts.branches;
    difficulty.loops += counts.loops;
    difficulty.calls += counts.calls;
    difficulty.operators += counts.operators;
    difficulty.depth = Math.max(difficulty.depth, counts.depth);
  }
  return difficulty;
}

/** Lines of ascending or descending offsets, counted from 1. */
function lineStarts(tree: SyntaxTree): (offset: number) => number {
  const starts = [0];
  for (let at = tree.text.indexOf('\n'); at !== -1; at = tree.text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
