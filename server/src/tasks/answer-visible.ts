import { docstringEdits } from '../mining/prose-edits.ts';
import { parsePython } from '../mining/python-parser.ts';
import {
  descendants,
  lineAt,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../mining/syntax.ts';
import { editedText, type TextEdit } from '../mining/text-edits.ts';
import { readCall, readValue } from '../values/literal-reader.ts';
import { writeCall } from '../values/literal-writer.ts';

/** A question with its answer. `call` and `output` are Python literal text as we write it. */
export interface Answered {
  readonly program: string;
  readonly entry: string;
  readonly call: string;
  readonly output: string;
  /** Lines that the call executes, counted from 1; where absent, none counts as executed. */
  readonly executedLines?: readonly number[];
}

/**
 * Where an answer stands. `call`: the program shows `entry(args)` or the argument tuple. `prose`: a comment, a docstring
 * or a string that nothing uses holds the output. `code`: a statement that the call does not execute holds it.
 */
export type AnswerVisible = 'call' | 'prose' | 'code';

/** An output of at most so many characters stands everywhere and gives nothing away. */
const shortOutput = 3;
/** Both stand in code everywhere, and a reader of code who knows that it is one of them knows nothing yet. */
const booleans = new Set(['True', 'False']);

/** Whether the answer stands in a program, and where; false where it does not. A program with a syntax error is read as far as it goes. */
export function answerVisible(answered: Answered): false | AnswerVisible {
  const { program, entry, call, output, executedLines = [] } = answered;
  const tree = parsePython(program);
  const { prose, code, comments } = separate(tree);
  if (showsCall(tree, entry, call)) return 'call';
  const callTexts =
    call === '()' ? [] : [literalPattern(call), literalPattern(`${entry}${callSource(call)}`)];
  if (prose.some((text) => callTexts.some((pattern) => pattern.test(text)))) return 'call';

  const literal = output.replace(/^raise /, '');
  if (literal.length <= shortOutput) return false;
  const patterns = [literalPattern(literal), ...bareTextPattern(literal)];
  if (prose.some((text) => patterns.some((pattern) => pattern.test(text)))) return 'prose';
  if (booleans.has(literal)) return false;
  const executed = new Set(executedLines);
  const needle = literalPattern(output);
  for (const { start, end } of code) {
    if (!needle.test(editedText(program, { start, end }, comments))) continue;
    const first = lineAt(program, start);
    const last = first + program.slice(start, end).trimEnd().split('\n').length - 1;
    const runs = Array.from({ length: last - first + 1 }, (_, index) => first + index).some((line) =>
      executed.has(line),
    );
    if (!runs) return 'code';
  }
  return false;
}

/** A program without the doctests in its docstrings. */
export function stripDoctests(program: string): string {
  const tree = parsePython(program);
  return editedText(
    program,
    { start: 0, end: program.length },
    docstringEdits(tree, tree.root, 'without-doctests'),
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Separated {
  /** Texts that nothing executes. */
  readonly prose: readonly string[];
  /** Statements; of a compound one the part before its block. */
  readonly code: readonly Span[];
  /** Edits that take the comments out of the code. */
  readonly comments: readonly TextEdit[];
}

function separate(tree: SyntaxTree): Separated {
  const prose: string[] = [];
  const code: Span[] = [];
  const comments: TextEdit[] = [];
  for (const node of descendants(tree.root)) {
    if (node.type === 'comment') {
      prose.push(textOf(tree, node).replace(/^#+/, ''));
      comments.push({ start: node.start, end: node.end, text: '' });
    } else if (isUnusedString(node)) prose.push(textOf(tree, node));
    else if (isStatement(node)) code.push({ start: node.start, end: headerEnd(node) });
  }
  return { prose, code, comments };
}

function isUnusedString(node: SyntaxNode): boolean {
  if (node.type !== 'expression_statement') return false;
  return ['string', 'concatenated_string'].includes(namedChildren(node)[0]?.type ?? '');
}

const branches = new Set(['elif_clause', 'else_clause', 'except_clause', 'finally_clause', 'case_clause']);

function isStatement({ type }: SyntaxNode): boolean {
  return type.endsWith('_statement') || type.endsWith('_definition') || branches.has(type);
}

function headerEnd(node: SyntaxNode): number {
  const body = node.children.find(({ type }) => type === 'block' || type.endsWith('_definition'));
  return body?.start ?? node.end;
}

/** Whether live code calls the entry with the arguments, or holds their tuple. */
function showsCall(tree: SyntaxTree, entry: string, call: string): boolean {
  if (call === '()') return false;
  for (const node of descendants(tree.root)) {
    if (node.type !== 'tuple' && node.type !== 'call') continue;
    if (node.type === 'tuple') {
      const read = readValue(textOf(tree, node));
      if (read.ok && read.value.type === 'tuple' && writeCall(read.value.items) === call) return true;
    } else {
      const [callee, list] = namedChildren(node);
      if (callee === undefined || list === undefined || textOf(tree, callee) !== entry) continue;
      const inner = textOf(tree, list).slice(1, -1).trim();
      const read = readCall(inner === '' || inner.endsWith(',') ? `(${inner})` : `(${inner},)`);
      if (read.ok && writeCall(read.value) === call) return true;
    }
  }
  return false;
}

/** `(1,)` → `(1)`: as the arguments stand in a call. */
function callSource(call: string): string {
  return call.replace(/,\)$/, ')');
}

/** Finds a literal however it is spaced and quoted, but not as a part of a longer word or number. */
function literalPattern(literal: string): RegExp {
  const tokens = literal.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\w.]+|\s+|[^\w\s]/gsu) ?? [];
  const parts = tokens.map((token) => {
    if (token.trim() === '') return '\\s*';
    const quoted = /^(['"])(.*)\1$/su.exec(token);
    return quoted === null
      ? `\\s*${escapeRegExp(token)}\\s*`
      : `\\s*['"]${escapeRegExp(quoted[2] ?? '')}['"]\\s*`;
  });
  const pattern = parts
    .join('')
    .replace(/^(\\s\*)+/, '')
    .replace(/(\\s\*)+$/, '');
  const before = /^\w/.test(literal) ? '(?<![\\w.])' : '';
  const after = /\w$/.test(literal) ? '(?!\\w|\\.\\d)' : '';
  return new RegExp(`${before}${pattern}${after}`, 'u');
}

/** A string's content without its quotes, as prose would name it. */
function bareTextPattern(literal: string): RegExp[] {
  const read = readValue(literal);
  if (!read.ok || read.value.type !== 'str' || read.value.value.trim().length <= shortOutput) return [];
  const text = escapeRegExp(read.value.value.trim()).replaceAll(/\s+/g, '\\s+');
  return [new RegExp(`(?<!\\w)${text}(?!\\w)`, 'u')];
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
