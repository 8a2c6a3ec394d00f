import { writeValue } from '../../values/literal-writer.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { editedText, lineEnd, lineStart } from '../syntax/text-edits.ts';
import type { Workspace } from '../workspace.ts';
import type { Module, Statement } from './module.ts';
import { orderPieces } from './piece-order.ts';
import { type Prose, proseEdits } from './prose-edits.ts';
import {
  type Effect,
  type Piece,
  type Slice,
  type SliceFailure,
  type SliceOptions,
  sliceUnit,
} from './slice.ts';

/** A unit that can be written as a program of its own. */
export interface Sliced {
  readonly ok: true;
  /** What it is made of. */
  readonly pieces: readonly Piece[];
  /** By the text in which it is written, what no call to learn from executes. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** The same with every method of each class; undefined where no class was cut. */
  readonly whole?: () => Promise<Sliced | SliceFailure>;
  /** The program with as much prose as asked for. The same text each time. */
  source(prose: Prose): string;
}

/** Slices a unit out of its workspace: everything it needs, and nothing else. */
export async function sliceProgram(
  module: Module,
  unit: Statement,
  workspace: Workspace,
  signal: AbortSignal,
  { asks = [], isWhole = false }: Partial<SliceOptions> = {},
): Promise<Sliced | SliceFailure> {
  const slice = await sliceUnit(module, unit, { asks, isWhole }, workspace, signal);
  if (!slice.ok) return slice;
  const pieces = orderPieces(slice);
  const source: Sliced['source'] = (prose) => programText(slice, pieces, prose);
  const { effects } = slice;
  if (slice.isWhole) return { ok: true, pieces, effects, source };
  const whole = () => sliceProgram(module, unit, workspace, signal, { asks, isWhole: true });
  return { ok: true, pieces, effects, source, whole };
}

function programText(slice: Slice, pieces: readonly Piece[], prose: Prose): string {
  const imports = importLines(slice);
  let text = imports.length === 0 ? '' : `${imports.join('\n')}\n`;
  let before: 'import' | 'line' | 'block' | undefined = imports.length === 0 ? undefined : 'import';
  if (slice.file !== undefined) {
    text += `${before === undefined ? '' : '\n'}__file__ = ${writeValue({ type: 'str', value: slice.file })}\n`;
    before = 'line';
  }
  for (const piece of pieces) {
    const source = pieceText(piece, slice, prose);
    const kind = piece.statement.isDefinition ? 'block' : 'line';
    if (before === 'block' || (before !== undefined && kind === 'block')) text += '\n\n';
    else if (before === 'import') text += '\n';
    text += `${source}\n`;
    before = kind;
  }
  return text;
}

function pieceText({ module, statement }: Piece, slice: Slice, prose: Prose): string {
  const { text } = module.tree;
  const { start, end } = statement.node;
  const edits = [...proseEdits(module.tree, statement.node, prose), ...(slice.edits.get(module) ?? [])];
  const body = editedText(text, { start, end }, edits).trimEnd();
  if (prose === 'none') return body;
  return `${commentsAbove(text, start)}${body}${commentBeside(text, end)}`;
}

/** Comment lines directly above a statement belong to it. */
function commentsAbove(text: string, start: number): string {
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!/^#(?!!)/.test(text.slice(above, from))) break;
    from = above;
  }
  const comments = text.slice(from, start);
  // Banners divide a file and say nothing of one statement.
  return /^#[^\w\n]*$/m.test(comments) ? '' : comments;
}

function commentBeside(text: string, end: number): string {
  return (
    /^[ \t]+#(?!\s*(?:noqa|type:|pragma|pylint)).*/
      .exec(text.slice(end, lineEnd(text, end)))?.[0]
      .trimEnd() ?? ''
  );
}

/** The import statements of a program, modules first, in the alphabet's order. */
function importLines({ imports, postponesHints }: Slice): string[] {
  const modules = imports.filter(({ name }) => name === null).map(moduleImport);
  const byModule = new Map<string, ImportedName[]>();
  for (const imported of imports) {
    if (imported.name !== null)
      byModule.set(imported.module, [...(byModule.get(imported.module) ?? []), imported]);
  }
  const names = [...byModule].map(
    ([module, list]) => `from ${module} import ${list.map(nameImport).sort().join(', ')}`,
  );
  const others = [...modules.sort(), ...names.sort()];
  if (!postponesHints) return others;
  return ['from __future__ import annotations', ...(others.length === 0 ? [] : ['', ...others])];
}

/** The statement that imports one name. */
export function importLine(imported: ImportedName): string {
  return imported.name === null
    ? moduleImport(imported)
    : `from ${imported.module} import ${nameImport(imported)}`;
}

function moduleImport({ local, module, loads }: ImportedName): string {
  return local === module ? `import ${loads}` : `import ${module} as ${local}`;
}

function nameImport({ local, name }: ImportedName): string {
  return local === name ? local : `${name} as ${local}`;
}
