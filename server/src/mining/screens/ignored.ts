import type { Module, Statement } from '../slicing/module.ts';
import { undecorated } from '../syntax/syntax.ts';
import { lineEnd, lineStart } from '../syntax/text-edits.ts';

const comment = /#\s*autodidact:\s*ignore\b/i;

/**
 * Whether a person keeps a definition out of all programs: `# autodidact: ignore` in the line above it or above its decorators,
 * or at the end of the line in which it begins.
 */
export function isIgnored({ tree: { text } }: Module, { node }: Pick<Statement, 'node'>): boolean {
  const begin = lineStart(text, node.start);
  const above = begin === 0 ? '' : text.slice(lineStart(text, begin - 1), begin);
  if (above.trimStart().startsWith('#') && comment.test(above)) return true;
  // Of the lines of decorators and of the signature, each can bear it.
  const header = text.slice(node.start, lineEnd(text, headerEnd(node)));
  return comment.test(header);
}

function headerEnd(node: Statement['node']): number {
  const definition = undecorated(node);
  return definition.children.find(({ type }) => type === ':')?.start ?? node.start;
}
