import { descendants, lineAt, type SyntaxTree, textOf } from '../syntax/syntax.ts';
import { maxSessionLines, type Session, type SessionPart, sessionOf } from './session.ts';

/** The doctest sessions of a module's strings: each string that holds examples is one. */
export function doctestsOf(tree: SyntaxTree): Session[] {
  if (!tree.text.includes('>>>')) return [];
  return [...descendants(tree.root)]
    .filter(({ type }) => type === 'string')
    .filter((node) => textOf(tree, node).includes('>>>'))
    .flatMap((node) => sessionOf(examplesOf(textOf(tree, node), lineAt(tree.text, node.start))));
}

/** The doctest session of a document: all its examples in order. */
export function doctestsIn(document: string): Session[] {
  return document.includes('>>>') ? sessionOf(examplesOf(document, 1)) : [];
}

function examplesOf(text: string, firstLine: number): SessionPart[] {
  const examples: { code: string; line: number }[] = [];
  let indent: string | undefined;
  for (const [index, line] of text.split('\n').slice(0, maxSessionLines).entries()) {
    const start = /^(\s*(?:[#*]\s)?\s*)>>>(?: (.*)|$)/.exec(
      line.replace(/^[rRuUbB]*("""|'''|"|')(?=>>>)/, ''),
    );
    if (start !== null) {
      indent = start[1] ?? '';
      examples.push({ code: start[2] ?? '', line: firstLine + index });
      continue;
    }
    const last = examples.at(-1);
    const more =
      indent !== undefined && line.startsWith(`${indent}...`) ? line.slice(indent.length + 3) : undefined;
    if (last !== undefined && more !== undefined && (more === '' || more.startsWith(' '))) {
      last.code += `\n${more.slice(1)}`;
    } else {
      indent = undefined;
    }
  }
  return examples;
}
