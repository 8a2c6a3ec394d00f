import { faultIn, faultText } from '../python-fault.ts';
import { parsePythonInSlices } from '../python-parser.ts';
import type { SyntaxTree } from '../syntax/syntax.ts';
import { dedented, withoutMagics } from './python-cell.ts';
import type { NotebookCell } from './read-notebook.ts';

/** The Python of a notebook as one module. */
export interface NotebookTree {
  readonly tree: SyntaxTree;
  /** Line of the notebook's file for each line of the tree's text, both counted from 1. */
  readonly lines: readonly number[];
  /** Of each cell that is no Python, which it is and where. */
  readonly lost: readonly string[];
}

/** As many cells may parse alone, but not among the others, until the notebook is given up. */
const maxMisfits = 8;

/**
 * Puts the cells that parse as Python one below the other, an empty line after each, as if they had been run in their order.
 * Undefined where they make no Python together.
 */
export async function notebookTree(
  cells: readonly NotebookCell[],
  signal: AbortSignal,
): Promise<NotebookTree | undefined> {
  const lost: string[] = [];
  let kept: NotebookCell[] = [];
  for (const cell of cells) {
    const python = await pythonOf(cell.text, signal);
    if (python.ok) kept.push({ ...cell, text: python.text });
    else lost.push(`cell ${cell.number}: ${python.detail}`);
  }
  for (let misfits = 0; misfits <= maxMisfits; misfits += 1) {
    const tree = await parsePythonInSlices(kept.map(({ text }) => `${text}\n\n`).join(''), signal);
    const fault = faultIn(tree);
    if (fault === undefined) return { tree, lines: linesOf(kept), lost };
    const misfit = cellAt(kept, fault.line);
    lost.push(`cell ${misfit?.number}: among the other cells`);
    kept = kept.filter((cell) => cell !== misfit);
  }
  return undefined;
}

type PythonText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly detail: string };

/** A cell's text as Python; where it is, as it stands there. */
async function pythonOf(cell: string, signal: AbortSignal): Promise<PythonText> {
  const text = dedented(cell);
  const fault = faultIn(await parsePythonInSlices(text, signal));
  if (fault === undefined) return { ok: true, text };
  const without = withoutMagics(text);
  const left = without === text ? fault : faultIn(await parsePythonInSlices(without, signal));
  return left === undefined ? { ok: true, text: without } : { ok: false, detail: faultText(left) };
}

function linesOf(cells: readonly NotebookCell[]): number[] {
  return cells.flatMap(({ lines }) => [...lines, lines.at(-1) ?? 1]);
}

function cellAt(cells: readonly NotebookCell[], line: number): NotebookCell | undefined {
  let end = 0;
  return cells.find(({ lines }) => {
    end += lines.length + 1;
    return line <= end;
  });
}
