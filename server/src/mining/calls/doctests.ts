import { parsePython } from '../python-parser.ts';
import { descendants, lineAt, type SyntaxTree, textOf } from '../syntax/syntax.ts';

/** The code of one doctest session. */
export interface Session {
  readonly tree: SyntaxTree;
  /** Line of the text around it for each line of the session's code, both counted from 1. */
  readonly lines: readonly number[];
}

/** More lines than this in one session are cut off. */
const maxLines = 2_000;

/** The doctest sessions of a module's strings: each string that holds examples is one. */
export function doctestsOf(tree: SyntaxTree): Session[] {
  if (!tree.text.includes('>>>')) return [];
  return [...descendants(tree.root)]
    .filter(({ type }) => type === 'string')
    .filter((node) => textOf(tree, node).includes('>>>'))
    .flatMap((node) => sessionOf(textOf(tree, node), lineAt(tree.text, node.start)));
}

/** The doctest session of a document: all its examples in order. */
export function doctestsIn(document: string): Session[] {
  return document.includes('>>>') ? sessionOf(document, 1) : [];
}

function sessionOf(text: string, firstLine: number): Session[] {
  const examples = examplesOf(text, firstLine);
  if (examples.length === 0) return [];
  const whole = parsed(examples);
  if (whole.tree.errorAt === null) return [whole];
  // One example that is no Python hides no other.
  const good = examples.filter((example) => parsed([example]).tree.errorAt === null);
  return good.length === 0 ? [] : [parsed(good)];
}

interface Example {
  readonly code: string;
  readonly line: number;
}

function parsed(examples: readonly Example[]): Session {
  const lines = examples.flatMap(({ code, line }) => code.split('\n').map((_, index) => line + index));
  return { tree: parsePython(examples.map(({ code }) => `${code}\n`).join('')), lines };
}

function examplesOf(text: string, firstLine: number): Example[] {
  const examples: { code: string; line: number }[] = [];
  let indent: string | undefined;
  for (const [index, line] of text.split('\n').slice(0, maxLines).entries()) {
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
