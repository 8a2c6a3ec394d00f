import {
  descendants,
  docstringOf,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';
import { lineStart, removal, type TextEdit } from '../syntax/text-edits.ts';
import { cutDoctests, hasDoctest } from './docstring.ts';

/**
 * How much of what is written for people a program keeps: docstrings without their doctests and comments; no docstrings;
 * neither. Less is kept only where more would show the answer or make the program too large.
 */
export const proseLevels = ['docstrings', 'comments', 'none'] as const;
export type Prose = (typeof proseLevels)[number];

/** Comments to tools, of no use to a reader. */
const directive =
  /^#\s*(noqa|type:\s*ignore|pragma|pylint|fmt|isort|mypy|flake8|ruff|nosec|yapf|pyright|pytype)\b/i;

/** The edits that bring docstrings and comments below a node to a level. */
export function proseEdits(tree: SyntaxTree, root: SyntaxNode, prose: Prose): TextEdit[] {
  const comments = [...descendants(root)]
    .filter((node) => node.type === 'comment' && (prose === 'none' || directive.test(textOf(tree, node))))
    .map((comment) => removal(tree.text, comment));
  return [
    ...comments,
    ...docstringEdits(tree, root, prose === 'docstrings' ? 'without-doctests' : 'removed'),
  ];
}

/** The edits that cut the doctests out of all docstrings below a node, or the docstrings themselves. */
export function docstringEdits(
  tree: SyntaxTree,
  root: SyntaxNode,
  docstrings: 'without-doctests' | 'removed',
): TextEdit[] {
  return [...descendants(root)].flatMap((body) => {
    const docstring = body.type === 'module' || isBody(body) ? docstringOf(body) : undefined;
    if (docstring === undefined) return [];
    const edit = docstringEdit(tree, body, docstring, docstrings === 'without-doctests');
    return edit === undefined ? [] : [edit];
  });
}

function isBody(node: SyntaxNode): boolean {
  return node.type === 'block' && node.field === 'body';
}

function docstringEdit(
  tree: SyntaxTree,
  body: SyntaxNode,
  docstring: SyntaxNode,
  keepProse: boolean,
): TextEdit | undefined {
  const source = textOf(tree, docstring);
  const opening = /^\w*("""|'''|"|')/.exec(source);
  if (keepProse && (opening === null || docstring.type !== 'string')) {
    return hasDoctest(source) ? without(tree, body, docstring) : undefined;
  }
  if (!keepProse || opening === null) return without(tree, body, docstring);
  const content = source.slice(opening[0].length, -(opening[1]?.length ?? 0));
  const cut = cutDoctests(content);
  if (cut === content) return undefined;
  const lines = cut.trimEnd().split('\n');
  if (cut.trim() === '') return without(tree, body, docstring);
  const indent = tree.text.slice(lineStart(tree.text, docstring.start), docstring.start);
  const closing = lines.length > 1 ? `\n${indent.trim() === '' ? indent : ''}${opening[1]}` : opening[1];
  return { start: docstring.start, end: docstring.end, text: `${opening[0]}${lines.join('\n')}${closing}` };
}

function without(tree: SyntaxTree, body: SyntaxNode, docstring: SyntaxNode): TextEdit {
  const isWholeBody = namedChildren(body).length === 1 && body.type === 'block';
  if (isWholeBody) return { start: docstring.start, end: docstring.end, text: 'pass' };
  const { start, end } = removal(tree.text, docstring);
  // On one line with other code, a removal would leave a separator behind.
  if (!tree.text.slice(start, end).endsWith('\n'))
    return { start: docstring.start, end: docstring.end, text: "''" };
  const blank = /^(?:[ \t]*\n)*/.exec(tree.text.slice(end))?.[0].length ?? 0;
  return { start, end: end + blank, text: '' };
}
