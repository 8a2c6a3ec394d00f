import { parsePython } from '../mining/python-parser.ts';
import { docstringEdits } from '../mining/slicing/prose-edits.ts';
import {
  descendants,
  lineAt,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../mining/syntax/syntax.ts';
import { editedText, type TextEdit } from '../mining/syntax/text-edits.ts';
import { readCall, readValue } from '../values/literal-reader.ts';
import { writeCall } from '../values/literal-writer.ts';

/** A question about an entry with its answer. `call` and `output` are Python literal text as we write it. */
export interface Answered {
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

/** A program taken apart, for many questions about it. */
export interface ProgramTexts {
  readonly tree: SyntaxTree;
  /** Texts that nothing executes. */
  readonly prose: readonly string[];
  /** Statements without comments; of a compound one the part before its block. Lines count from 1. */
  readonly code: readonly { readonly text: string; readonly firstLine: number; readonly lastLine: number }[];
}

/** An output of at most so many characters stands everywhere and gives nothing away. */
const shortOutput = 3;
/** Both stand in code everywhere: who knows that it is one of them knows nothing yet. */
const booleans = new Set(['True', 'False']);

/** Whether the answer stands in a program, and where; false where it does not. */
export function answerVisible(answered: Answered & { readonly program: string }): false | AnswerVisible {
  return answerVisibleIn(programTexts(answered.program), answered);
}

/** `answerVisible` for a program that was taken apart before. */
export function answerVisibleIn(
  { tree, prose, code }: ProgramTexts,
  { entry, call, output, executedLines = [] }: Answered,
): false | AnswerVisible {
  if (showsCall(tree, entry, call)) return 'call';
  const callTexts = call === '()' ? [] : [call, `${entry}${callSource(call)}`].map(literalPattern);
  if (holdsAny(prose, callTexts)) return 'call';

  const literal = output.replace(/^raise /, '');
  if (literal.length <= shortOutput) return false;
  if (holdsAny(prose, [literalPattern(literal), ...bareTextPattern(literal)])) return 'prose';
  if (booleans.has(literal)) return false;
  const needle = literalPattern(output);
  const isIdle = code.some(({ text, firstLine, lastLine }) => {
    return needle.test(text) && !executedLines.some((line) => firstLine <= line && line <= lastLine);
  });
  return isIdle ? 'code' : false;
}

function holdsAny(texts: readonly string[], patterns: readonly RegExp[]): boolean {
  return texts.some((text) => patterns.some((pattern) => pattern.test(text)));
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

/** Takes a program apart. One with a syntax error is read as far as it goes. */
export function programTexts(program: string): ProgramTexts {
  const tree = parsePython(program);
  const nodes = [...descendants(tree.root)];
  const comments = nodes.filter(({ type }) => type === 'comment');
  const unused = nodes.filter(isUnusedString);
  const withoutComments = comments.map(({ start, end }): TextEdit => ({ start, end, text: '' }));
  const code = nodes
    .filter((node) => isStatement(node) && !isUnusedString(node))
    .map((node) => {
      const span = { start: node.start, end: headerEnd(node) };
      const firstLine = lineAt(program, span.start);
      const lines = program.slice(span.start, span.end).trimEnd().split('\n').length;
      return { text: editedText(program, span, withoutComments), firstLine, lastLine: firstLine + lines - 1 };
    });
  const prose = [...comments, ...unused].map((node) => textOf(tree, node).replace(/^#+/, ''));
  return { tree, prose, code };
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
  // White space that could be matched in two ways would be tried in all of them.
  const pattern = parts
    .join('')
    .replaceAll(/(?:\\s\*){2,}/g, '\\s*')
    .replaceAll(/^\\s\*|\\s\*$/g, '');
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

/** A text as an expression that matches it and nothing else. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
