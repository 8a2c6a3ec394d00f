/** Replaces the text between two offsets. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The part of a text between two offsets with the edits that lie in it applied. An edit inside another one is dropped. */
export function editedText(
  text: string,
  range: { readonly start: number; readonly end: number },
  edits: readonly TextEdit[],
): string {
  let at = range.start;
  let result = '';
  const within = edits.filter(({ start, end }) => start >= range.start && end <= range.end);
  for (const edit of within.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at, range.end);
}

/** Offset where the line of `offset` begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset just after the end of the line of `offset`. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** Removes a node; with its whole line where it stands alone in it, else with the white space before it. */
export function removal(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): TextEdit {
  const from = lineStart(text, start);
  const until = lineEnd(text, end);
  const isAlone = text.slice(from, start).trim() === '' && text.slice(end, until).trim() === '';
  if (isAlone) return { start: from, end: until, text: '' };
  const before = /[ \t]*$/.exec(text.slice(from, start))?.[0].length ?? 0;
  return { start: start - before, end, text: '' };
}
