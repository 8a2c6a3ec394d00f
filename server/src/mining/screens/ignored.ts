import type { Module, Statement } from '../slicing/module.ts';
import { childIn, namedChildren, textOf, undecorated } from '../syntax/syntax.ts';
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

/** The name of a method that a person keeps out of all programs, of a class all of whose methods would come along. */
export function ignoredWithin(module: Module, { node }: Pick<Statement, 'node'>): string | undefined {
  const body = node.type.endsWith('definition') ? childIn(undecorated(node), 'body') : undefined;
  if (body === undefined || undecorated(node).type !== 'class_definition') return undefined;
  const ignored = namedChildren(body).find(
    (each) => undecorated(each).type === 'function_definition' && isIgnored(module, { node: each }),
  );
  const name = ignored && childIn(undecorated(ignored), 'name');
  return name && textOf(module.tree, name);
}

function headerEnd(node: Statement['node']): number {
  const definition = undecorated(node);
  return definition.children.find(({ type }) => type === ':')?.start ?? node.start;
}
