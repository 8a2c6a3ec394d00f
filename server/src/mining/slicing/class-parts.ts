import {
  childIn,
  docstringOf,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import { lineStart, type TextEdit } from '../syntax/text-edits.ts';
import type { Statement } from './module.ts';

/** The methods of a class at the top of a module, by name; empty where some of them may be called by what is not to be seen. */
export function methodsOf(tree: SyntaxTree, { node }: Statement): ReadonlyMap<string, readonly SyntaxNode[]> {
  const definition = undecorated(node);
  const body = childIn(definition, 'body');
  const methods = new Map<string, SyntaxNode[]>();
  if (definition.type !== 'class_definition' || body === undefined) return methods;
  const bases = childIn(definition, 'superclasses');
  for (const base of bases === undefined ? [] : namedChildren(bases)) {
    if (base.type === 'keyword_argument' || !mayHide(textOf(tree, base))) return methods;
  }
  for (const child of namedChildren(body)) {
    const method = undecorated(child);
    const name =
      method.type === 'function_definition' ? childIn(method, 'name') : otherName(tree, child, methods);
    if (name === undefined) continue;
    const its = methods.get(textOf(tree, name));
    if (its === undefined) methods.set(textOf(tree, name), [child]);
    else its.push(child);
  }
  return methods;
}

/** Of `bisect = bisect_right` or `size = property(_size)`, which give methods other names, that name. */
function otherName(
  tree: SyntaxTree,
  statement: SyntaxNode,
  methods: ReadonlyMap<string, unknown>,
): SyntaxNode | undefined {
  const [assignment] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
  if (assignment?.type !== 'assignment') return undefined;
  const [left, right] = [childIn(assignment, 'left'), childIn(assignment, 'right')];
  if (left?.type !== 'identifier' || right === undefined) return undefined;
  const list = right.type === 'call' ? childIn(right, 'arguments') : undefined;
  const given = list === undefined ? [right] : namedChildren(list);
  const isMethod = given.some((each) => each.type === 'identifier' && methods.has(textOf(tree, each)));
  return isMethod ? left : undefined;
}

/** Whether a base class calls no method of its subclasses but those that operators call. Names of the workspace count as such. */
function mayHide(base: string): boolean {
  const name = base.replace(/\[.*$/s, '').replace(/^.*\./, '');
  return !/(Parser|Encoder|Decoder|Visitor|Transformer|Formatter|Handler|Template|Cmd|Thread|Test|TestCase|Enum|Flag|Tokenizer|Builder)$/.test(
    name,
  );
}

/** Operators that call special methods, by the middle of their names. */
const operatorNames: Readonly<Record<string, readonly string[]>> = {
  add: ['+', '+=', 'sum'],
  sub: ['-', '-='],
  mul: ['*', '*=', 'prod'],
  matmul: ['@', '@='],
  truediv: ['/', '/='],
  div: [],
  floordiv: ['//', '//=', 'divmod'],
  mod: ['%', '%=', 'divmod'],
  divmod: ['divmod'],
  pow: ['**', '**=', 'pow'],
  lshift: ['<<', '<<='],
  rshift: ['>>', '>>='],
  and: ['&', '&='],
  or: ['|', '|='],
  xor: ['^', '^='],
  neg: ['-'],
  pos: ['+'],
  abs: ['abs'],
  invert: ['~'],
  round: ['round'],
  trunc: ['trunc', 'int'],
  floor: ['floor'],
  ceil: ['ceil'],
  reduce: ['copy', 'deepcopy', 'pickle', 'dumps'],
  reduce_ex: ['copy', 'deepcopy', 'pickle', 'dumps'],
  getstate: ['copy', 'deepcopy', 'pickle', 'dumps'],
  setstate: ['copy', 'deepcopy', 'pickle', 'loads'],
  getnewargs: ['copy', 'deepcopy', 'pickle', 'dumps'],
  copy: ['copy'],
  deepcopy: ['deepcopy'],
  repr: ['repr', 'str', 'format', 'print', 'f"', '%', 'ascii', 'pformat'],
  str: ['str', 'format', 'print', 'f"', '%'],
  format: ['format', 'f"'],
  unicode: [],
  nonzero: [],
  dir: ['dir'],
  sizeof: ['getsizeof'],
  enter: ['with'],
  exit: ['with'],
  reversed: ['reversed'],
};

/** Methods that an abstract class of `collections.abc` asks of its subclasses. */
const asked = new Set(['insert', 'add', 'discard']);

/** Whether kept code can come to call a method of this name: it names it, or holds what calls it. */
export function isCalled(name: string, words: ReadonlySet<string>): boolean {
  if (words.has(name)) return true;
  const special = /^__(\w+)__$/.exec(name)?.[1];
  if (special === undefined) return asked.has(name) && words.has('collections.abc');
  const operator = /^[ri](?=(add|sub|mul|matmul|truediv|div|floordiv|mod|divmod|pow|[lr]shift|and|or|xor)$)/;
  const by = operatorNames[special.replace(operator, '')];
  // What else is special is called by so much that it stays: iteration, comparison, attributes, calls.
  return by === undefined || by.some((word) => words.has(word));
}

/** Names, operators and short texts of code, but for its prose: all by which it could come to call something. */
export function wordsOf(tree: SyntaxTree, node: SyntaxNode, without: ReadonlySet<SyntaxNode>): Set<string> {
  const words = new Set<string>();
  const visit = (each: SyntaxNode) => {
    if (without.has(each) || each.type === 'comment') return;
    if (each.type === 'string') {
      const text = textOf(tree, each);
      if (/^[rRbB]*[fF]/.test(text)) words.add('f"');
      else if (text.length < 60) for (const [word] of text.matchAll(/\w+/g)) words.add(word);
      if (!/^[rRbB]*[fF]/.test(text)) return;
    }
    if (each.type.endsWith('_definition')) {
      const body = childIn(each, 'body');
      const prose = body && docstringOf(body);
      for (const child of each.children) {
        if (child !== body) visit(child);
        else
          for (const inner of child.children)
            if (inner.children[0] !== prose || prose === undefined) visit(inner);
      }
      return;
    }
    if (each.children.length === 0) words.add(textOf(tree, each));
    for (const child of each.children) visit(child);
  };
  visit(node);
  return words;
}

/** The edits that leave methods out of a class. */
export function withoutMethods(
  { text }: SyntaxTree,
  { node }: Statement,
  dropped: ReadonlySet<SyntaxNode>,
): TextEdit[] {
  const body = childIn(undecorated(node), 'body');
  const statements = body === undefined ? [] : namedChildren(body);
  const edits: TextEdit[] = [];
  let last: SyntaxNode | undefined;
  // A docstring may be taken out as well, and a body must hold something.
  const kept = statements.filter((each) => !dropped.has(each));
  const isEmpty =
    kept.length === 0 || (kept.length === 1 && body !== undefined && docstringOf(body) !== undefined);
  for (const [index, statement] of statements.entries()) {
    if (!dropped.has(statement)) {
      last = statement;
      continue;
    }
    const next = statements[index + 1];
    // With the blank lines and comments above it.
    if (last !== undefined && isEmpty && next === undefined) {
      const margin = ' '.repeat(Math.max(0, columnOf(text, statement.start)));
      edits.push({ start: last.end, end: statement.end, text: `\n${margin}pass` });
    } else if (last !== undefined) edits.push({ start: last.end, end: statement.end, text: '' });
    else if (next !== undefined) edits.push({ start: statement.start, end: next.start, text: '' });
    else edits.push({ start: statement.start, end: statement.end, text: isEmpty ? 'pass' : '' });
  }
  return edits;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}
