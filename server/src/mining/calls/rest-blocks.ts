import type { SessionPart } from './session.ts';

const directive = /^([ \t]*)\.\.[ \t]+([\w:.-]+?)::(?:[ \t]+(.*))?$/;
const ofCode = new Set(['code', 'code-block', 'sourcecode', 'testcode']);
/** What Sphinx takes for Python; where no language is named, it does, too. */
const python = /^(?:python3?|py3?|pycon|default)?$/i;
const option = /^[ \t]+:[\w-]+:/;

/**
 * The blocks of a reStructuredText that are Python, or may be: `.. code-block:: python`, directives of code without a language, and
 * literal blocks after `::`.
 */
export function* restBlocks(lines: readonly string[]): Generator<SessionPart> {
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, , name, argument = ''] = directive.exec(line) ?? [];
    const isCode = name !== undefined && ofCode.has(name);
    // The body of another directive is text.
    if (!isCode && (name !== undefined || !line.trimEnd().endsWith('::'))) continue;
    const body = bodyBelow(lines, at, isCode);
    if (body === undefined) continue;
    if (!isCode || name === 'testcode' || python.test(argument.trim())) yield body.part;
    at = body.end - 1;
  }
}

/** The indented lines below one, without their margin; `end`: the index behind them. Undefined where there are none. */
function bodyBelow(
  lines: readonly string[],
  at: number,
  hasOptions: boolean,
): { readonly part: SessionPart; readonly end: number } | undefined {
  const outer = marginOf(lines[at] ?? '');
  let start = at + 1;
  while (hasOptions && option.test(lines[start] ?? '')) start += 1;
  // Directly below is the rest of the paragraph.
  if (!hasOptions && !isBlank(lines[start])) return undefined;
  while (start < lines.length && isBlank(lines[start])) start += 1;
  let end = start;
  let margin = Number.POSITIVE_INFINITY;
  for (let next = start; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    if (isBlank(line)) continue;
    const own = marginOf(line);
    if (own <= outer) break;
    margin = Math.min(margin, own);
    end = next + 1;
  }
  if (end === start) return undefined;
  const code = lines.slice(start, end).map((line) => line.slice(Math.min(margin, marginOf(line))));
  return { part: { code: code.join('\n'), line: start + 1 }, end };
}

function marginOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && line.trim() === '';
}
