import { z } from 'zod';
import { sourceLines } from './source-lines.ts';

/** A code cell of a notebook, as it stands there. */
export interface NotebookCell {
  /** Its place among all cells, those of text included, counted from 1. */
  readonly number: number;
  /** Lines ended by `\n`. */
  readonly text: string;
  /** Line of the notebook's file for each line of the text, both counted from 1. */
  readonly lines: readonly number[];
}

/** The code cells of a notebook in order, or why it gives none. */
export type NotebookRead =
  | {
      readonly ok: true;
      readonly cells: readonly NotebookCell[];
      /** Of each cell that cannot be read, which it is and why. */
      readonly lost: readonly string[];
    }
  | { readonly ok: false; readonly loss: 'not-a-notebook' | 'too-large'; readonly detail: string };

/** More cells than this are no person's. */
const maxCells = 5_000;

const Source = z.union([z.string(), z.array(z.string())]);
const Cells = z.array(z.unknown());
const AnyCell = z.object({ cell_type: z.string(), language: z.string().optional() });
const CodeCell = z.object({ source: Source }).or(z.object({ input: Source }));

const Metadata = z.object({
  kernelspec: z.object({ language: z.string().optional() }).optional().catch(undefined),
  language_info: z.object({ name: z.string() }).optional().catch(undefined),
});

/** Formats 4 and 3. What the cells are is looked at one by one, so that one that is broken hides no other. */
const Notebook = z
  .object({ metadata: Metadata.catch({}), cells: Cells })
  .or(z.object({ metadata: Metadata.catch({}), worksheets: z.array(z.object({ cells: Cells })) }));

/**
 * Reads the code cells of a notebook: their code alone, nothing that running them has put out. `maxCharacters` bounds the code of all
 * cells together. Never throws.
 */
export function readNotebook(json: string, maxCharacters: number): NotebookRead {
  const lines = sourceLines(json);
  if (lines === undefined) return notANotebook('JSON that is too deep');
  const notebook = Notebook.safeParse(parsed(json));
  if (!notebook.success) return notANotebook('no JSON with cells');
  const { metadata } = notebook.data;
  const language = metadata.language_info?.name ?? metadata.kernelspec?.language;
  if (!isPython(language)) return notANotebook(`in ${language}`);
  const all = 'cells' in notebook.data ? withPlaces(notebook.data.cells, 'cells') : ofSheets(notebook.data);
  if (all.length > maxCells) return tooLarge(`${all.length} cells, ${maxCells} allowed`);
  const cells: NotebookCell[] = [];
  const lost: string[] = [];
  for (const [index, { cell, place }] of all.entries()) {
    const number = index + 1;
    const known = AnyCell.safeParse(cell);
    if (known.success && (known.data.cell_type !== 'code' || !isPython(known.data.language))) continue;
    const code = CodeCell.safeParse(cell);
    if (!known.success || !code.success) {
      lost.push(`cell ${number}: not of the form of a cell`);
      continue;
    }
    const [field, source] = 'source' in code.data ? ['source', code.data.source] : ['input', code.data.input];
    const read = textAndLines(source, `${place}/${field}`, lines);
    if (read.text.isWellFormed()) cells.push({ number, ...read });
    else lost.push(`cell ${number}: half of a surrogate pair`);
  }
  const characters = cells.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > maxCharacters)
    return tooLarge(`${characters} characters of code, ${maxCharacters} allowed`);
  return { ok: true, cells, lost };
}

function notANotebook(detail: string): NotebookRead {
  return { ok: false, loss: 'not-a-notebook', detail };
}

function tooLarge(detail: string): NotebookRead {
  return { ok: false, loss: 'too-large', detail };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Whether a language is one of the names of Python's kernels; a notebook that names none is taken for one. */
function isPython(language: string | undefined): boolean {
  return language === undefined || /^i?python/i.test(language);
}

interface PlacedCell {
  readonly cell: unknown;
  /** Where it stands in the JSON: `cells/3`. */
  readonly place: string;
}

function withPlaces(cells: readonly unknown[], place: string): PlacedCell[] {
  return cells.map((cell, index) => ({ cell, place: `${place}/${index}` }));
}

function ofSheets({ worksheets }: { readonly worksheets: readonly { cells: unknown[] }[] }): PlacedCell[] {
  return worksheets.flatMap(({ cells }, index) => withPlaces(cells, `worksheets/${index}/cells`));
}

/** The text of a cell, which JSON has as one string or as a list of strings, and the lines of the file that its lines begin on. */
function textAndLines(
  source: string | readonly string[],
  place: string,
  known: ReadonlyMap<string, number>,
): Pick<NotebookCell, 'text' | 'lines'> {
  const parts = typeof source === 'string' ? [source] : source;
  let text = '';
  let line = known.get(typeof source === 'string' ? place : `${place}/0`) ?? 1;
  const lines: number[] = [];
  let isAtStart = true;
  for (const [index, part] of parts.entries()) {
    if (typeof source !== 'string') line = known.get(`${place}/${index}`) ?? line;
    const normal = part.replaceAll(/\r\n?/g, '\n');
    text += normal;
    for (const [nth, rest] of normal.split('\n').entries()) {
      if (nth > 0) {
        // A line without a character of its own.
        if (isAtStart) lines.push(line);
        isAtStart = true;
      }
      if (!isAtStart || rest === '') continue;
      lines.push(line);
      isAtStart = false;
    }
  }
  if (isAtStart) lines.push(line);
  return { text, lines };
}
