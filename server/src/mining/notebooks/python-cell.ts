/**
 * What IPython has besides Python, as its own documentation names it: magics (`%…`, `%%…`), shell escapes (`!…`) and help (`obj?`).
 */

/** Cell magics that run the rest of the cell as the Python that it is. */
const pythonBody = /^%%(?:time|timeit|capture|prun)\b/;
const magic = /^\s*[%!?]/;
const help = /^\s*%{0,2}[\p{L}_*][\p{L}\p{N}_.*[\]]*\s*\?\??\s*$/u;
/** `files = !ls`, `here = %pwd`: what it gives is known when it runs. */
const assigned = /^(\s*[\p{L}_][\p{L}\p{N}_.,[\] \t]*=)\s*[%!](?!=)/u;

/**
 * The Python of a cell, line for line: lines that only IPython understands become empty, or `pass` where a block may need a
 * statement; a cell that is another language's becomes empty as a whole.
 */
export function withoutMagics(cell: string): string {
  const lines = cell.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const opening = lines[first]?.trimStart() ?? '';
  if (opening.startsWith('%%')) {
    if (!pythonBody.test(opening)) return lines.map(() => '').join('\n');
    lines[first] = '';
  }
  let state = atStatement;
  let isLeftOut = false;
  return lines
    .map((line) => {
      if (isLeftOut || state === atStatement) {
        const instead = isLeftOut ? '' : insteadOf(line);
        if (instead !== undefined) {
          isLeftOut = line.endsWith('\\');
          return instead;
        }
      }
      state = stateAfter(line, state);
      return line;
    })
    .join('\n');
}

/** A cell whose first line is indented, as pasted out of a block, at the left margin: IPython runs it so. */
export function dedented(cell: string): string {
  const margin = /^(?:[ \t]*\n)*([ \t]+)\S/.exec(cell)?.[1];
  if (margin === undefined) return cell;
  return cell
    .split('\n')
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line))
    .join('\n');
}

/** What stands in place of a line that begins a statement; undefined where it is Python. */
function insteadOf(line: string): string | undefined {
  if (magic.test(line) || help.test(line)) {
    const margin = /^\s*/.exec(line)?.[0] ?? '';
    return margin === '' ? '' : `${margin}pass`;
  }
  const target = assigned.exec(line)?.[1];
  // As IPython writes it: the name is bound, to what is not known here.
  return target === undefined ? undefined : `${target} get_ipython()`;
}

/** What a line of Python begins in. */
interface LineState {
  /** Brackets that are open. */
  readonly depth: number;
  /** The quotes of the string that is open. */
  readonly quotes: string | undefined;
  readonly isContinued: boolean;
}

const atStatement: LineState = { depth: 0, quotes: undefined, isContinued: false };

/** What the line after this one begins in. */
function stateAfter(line: string, before: LineState): LineState {
  let { depth, quotes } = before;
  let at = 0;
  for (; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quotes !== undefined) {
      if (character === '\\') at += 1;
      else if (line.startsWith(quotes, at)) {
        at += quotes.length - 1;
        quotes = undefined;
      }
    } else if (character === '#') break;
    else if (character === '"' || character === "'") {
      const three = character.repeat(3);
      quotes = line.startsWith(three, at) ? three : character;
      at += quotes.length - 1;
    } else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  const isContinued = at >= line.length && line.endsWith('\\');
  if (quotes?.length === 1 && !isContinued) quotes = undefined;
  return depth === 0 && quotes === undefined && !isContinued ? atStatement : { depth, quotes, isContinued };
}
