/** A node of a Python syntax tree as plain data. Offsets count UTF-16 units of the text. */
export interface SyntaxNode {
  /** Name in tree-sitter-python's grammar; of a token without a name, its text. */
  readonly type: string;
  readonly named: boolean;
  /** Field of the parent that this node fills. */
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** A parsed source text. */
export interface SyntaxTree {
  readonly text: string;
  readonly root: SyntaxNode;
  /** Offset of the first syntax error; null where there is none. */
  readonly errorAt: number | null;
  /** Offset of the first statement of Python 2; null where there is none. */
  readonly python2At: number | null;
}

export function textOf(tree: SyntaxTree, node: SyntaxNode): string {
  return tree.text.slice(node.start, node.end);
}

/** The first child in a field. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Children that are neither tokens nor comments. */
export function namedChildren(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(
    ({ named, type }) => named && type !== 'comment' && type !== 'line_continuation',
  );
}

/** The node and all nodes below it, parents first, in order of the text. */
export function* descendants(node: SyntaxNode): Generator<SyntaxNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
}

/** Where the lines of the text that was asked last end: many questions come of one text. */
let asked: { readonly text: string; readonly ends: readonly number[] } = { text: '', ends: [] };

/** Line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  if (asked.text !== text) {
    const ends: number[] = [];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
    asked = { text, ends };
  }
  let [low, high] = [0, asked.ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((asked.ends[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** A function or class definition without its decorators. */
export function undecorated(node: SyntaxNode): SyntaxNode {
  return node.type === 'decorated_definition' ? (childIn(node, 'definition') ?? node) : node;
}

/** The string node that documents a function, class or module body; undefined where there is none. */
export function docstringOf(body: SyntaxNode): SyntaxNode | undefined {
  const [first] = namedChildren(body);
  if (first?.type !== 'expression_statement') return undefined;
  const [value] = namedChildren(first);
  return value?.type === 'string' || value?.type === 'concatenated_string' ? value : undefined;
}
