import { visibleLine, visibleText } from '../engine/visible-text.ts';

/** Columns of a terminal that everything fits on. */
export const columns = 80;

/** Width of the names of fields. */
const nameWidth = 10;

/**
 * Text of a record under an indent, its lines broken where they are longer than a terminal's. Characters that a terminal would obey,
 * or a reader not see, are written out; a tab becomes four spaces.
 */
export function block(text: string, indent = 4): string {
  const room = columns - indent;
  return visibleText(text.trimEnd().replaceAll('\t', '    '))
    .split('\n')
    .flatMap((line) => broken(line, room))
    .map((line) => `${' '.repeat(indent)}${line}`.trimEnd())
    .join('\n');
}

/** A name with its value beside it, broken at spaces where it is longer than a line. */
export function field(name: string, value: string): string {
  const lines = filled(visibleText(value.replace(/\s*[\n\t]\s*/g, ' ')), columns - nameWidth);
  return lines
    .map((line, index) => `${(index === 0 ? name : '').padEnd(nameWidth)}${line}`.trimEnd())
    .join('\n');
}

/** Text of a record on the rest of a line, cut where it is longer. `used`: columns before it. */
export function restOfLine(text: string, used: number): string {
  return visibleLine(text, Math.max(8, columns - used));
}

/** Pieces of a line of at most so many characters each. */
function broken(line: string, room: number): string[] {
  const characters = [...line];
  const pieces: string[] = [];
  for (let from = 0; from < characters.length; from += room) {
    pieces.push(characters.slice(from, from + room).join(''));
  }
  return pieces.length === 0 ? [''] : pieces;
}

/** Lines of whole words, and of pieces of those words that are longer than a line. */
function filled(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => broken(word, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && [...longer].length > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
