import { setImmediate as nextTurn } from 'node:timers/promises';
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { asset } from '../entry-point.ts';
import { sliceMs } from './pacer.ts';
import type { SyntaxNode, SyntaxTree } from './syntax/syntax.ts';

await Parser.init({ locateFile: () => asset('web-tree-sitter.wasm') });
const python = await Language.load(asset('tree-sitter-python.wasm'));
const parser = newParser();

/** Deeper code than this is no person's; CPython's own compiler gives up not far beyond. */
const maxDepth = 1_000;

/** Parses Python source. The tree-sitter tree is freed before this returns. */
export function parsePython(text: string): SyntaxTree {
  const tree = parser.parse(text);
  if (tree === null) throw new Error('tree-sitter returned no tree for a whole text.');
  try {
    const copy = copyTree(tree, text);
    let step = copy.next();
    while (!step.done) step = copy.next();
    return step.value;
  } finally {
    tree.delete();
  }
}

/** As `parsePython`, but gives the event loop its turn every few milliseconds. For texts of unknown size. */
export async function parsePythonInSlices(text: string, signal: AbortSignal): Promise<SyntaxTree> {
  const tree = await treeInSlices(text, null, signal);
  try {
    return await copyInSlices(tree, text, signal);
  } finally {
    tree.delete();
  }
}

/**
 * The tree of a text, to be freed by whoever gets it. Where the tree of an earlier version is given, with `edit` called for what
 * changed, only that is parsed; the earlier tree stays its owner's.
 */
export async function treeInSlices(text: string, earlier: Tree | null, signal: AbortSignal): Promise<Tree> {
  // Of its own: a parse that waits for its next slice must not meet another text.
  const slicedParser = newParser();
  try {
    for (;;) {
      signal.throwIfAborted();
      const end = performance.now() + sliceMs;
      // The callback's result is read although its declared type has none: true suspends the parse.
      const tree = slicedParser.parse(text, earlier, { progressCallback: () => performance.now() > end });
      if (tree !== null) return tree;
      await nextTurn();
    }
  } finally {
    slicedParser.delete();
  }
}

/** The tree as plain data. */
export async function copyInSlices(tree: Tree, text: string, signal: AbortSignal): Promise<SyntaxTree> {
  const copy = copyTree(tree, text);
  let end = performance.now() + sliceMs;
  for (;;) {
    const step = copy.next();
    if (step.done) return step.value;
    if (performance.now() < end) continue;
    await nextTurn();
    signal.throwIfAborted();
    end = performance.now() + sliceMs;
  }
}

/** The source texts of a program's top-level statements, without the comments and blank lines between them. */
export function topLevelStatements(program: string): string[] {
  const { root, text } = parsePython(program);
  return root.children
    .filter(({ type }) => type !== 'comment')
    .map(({ start, end }) => text.slice(start, end));
}

function newParser(): Parser {
  return new Parser().setLanguage(python);
}

type MutableNode = SyntaxNode & { readonly children: SyntaxNode[] };

/** Types of nodes by tree-sitter's numbers: each question to its module costs as much as reading many nodes here. */
const types = python.types.map((type, id) => ({
  type,
  named: python.nodeTypeIsNamed(id),
  isLeaf: isLeaf(id),
}));
/** What only Python 2 has, which the grammar takes all the same. */
const ofPython2 = new Set(['print_statement', 'exec_statement', 'chevron']);
/** What tree-sitter makes of text that fits nowhere. */
const errorType = { type: 'ERROR', named: true, isLeaf: false };
const noChildren: SyntaxNode[] = [];

/** Whether no node of a type has children: words and signs, and the names, numbers and comments that make up most of a text. */
function isLeaf(id: number): boolean {
  const type = python.types[id] ?? '';
  return python.nodeTypeIsNamed(id)
    ? ['identifier', 'integer', 'float', 'comment', 'string_start', 'string_end'].includes(type)
    : !/\s/.test(type);
}

/** Copies a tree into plain data, yielding every few hundred nodes. */
function* copyTree(tree: Tree, text: string): Generator<undefined, SyntaxTree> {
  const cursor = tree.walk();
  try {
    const root = copyNode(cursor);
    const path = [root];
    let errorAt = tree.rootNode.hasError ? firstError(tree) : null;
    let python2At: number | null = null;
    let more = cursor.gotoFirstChild();
    for (let copied = 1; more; copied++) {
      const node = copyNode(cursor);
      path.at(-1)?.children.push(node);
      if (ofPython2.has(node.type)) python2At ??= node.start;
      if (copied % 500 === 0) yield;
      if (path.length === maxDepth) errorAt ??= node.start;
      else if (node.children !== noChildren && cursor.gotoFirstChild()) {
        path.push(node);
        continue;
      }
      while (path.length > 0 && !cursor.gotoNextSibling()) {
        cursor.gotoParent();
        path.pop();
      }
      more = path.length > 0;
    }
    return { text, root, errorAt, python2At };
  } finally {
    cursor.delete();
  }
}

function copyNode(cursor: TreeCursor): MutableNode {
  const { type, named, isLeaf: isEmpty } = types[cursor.nodeTypeId] ?? errorType;
  return {
    type,
    named,
    field: python.fields[cursor.currentFieldId] ?? null,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: isEmpty ? noChildren : [],
  };
}

/** Where a tree with an error has it: goes down into the first child that has one. */
function firstError(tree: Tree): number {
  let node = tree.rootNode;
  for (;;) {
    const inner = node.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (inner === undefined || node.isError) return node.startIndex;
    node = inner;
  }
}
