import type { SessionPart } from './session.ts';

const fence = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/;
const python = /^\{?\.?(?:python3?|py3?|pycon)(?![\w-])/i;

/** The fenced blocks of a Markdown text that are marked as Python, by CommonMark's rules for fences. One without an end ends with the text. */
export function* markdownBlocks(lines: readonly string[]): Generator<SessionPart> {
  let open: { readonly margin: number; readonly marks: string; readonly from: number } | undefined;
  let code: string[] | undefined;
  for (const [index, line] of lines.entries()) {
    const [, margin = '', marks = '', info = ''] = fence.exec(line) ?? [];
    if (open === undefined) {
      if (marks === '') continue;
      open = { margin: margin.length, marks, from: index + 2 };
      code = python.test(info) ? [] : undefined;
    } else if (marks.startsWith(open.marks) && info.trim() === '') {
      if (code !== undefined) yield { code: code.join('\n'), line: open.from };
      open = undefined;
      code = undefined;
    } else code?.push(withoutMargin(line, open.margin));
  }
  if (open !== undefined && code !== undefined) yield { code: code.join('\n'), line: open.from };
}

/** Without as much white space in front as the fence has. */
function withoutMargin(line: string, margin: number): string {
  const own = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(own, margin));
}
