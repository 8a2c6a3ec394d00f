import { Edit, type Point, type Tree } from 'web-tree-sitter';
import { copyInSlices, treeInSlices } from './python-parser.ts';
import type { SyntaxTree } from './syntax/syntax.ts';

/** A text that was parsed, with both trees of it. */
interface Kept {
  readonly text: string;
  readonly tree: Tree;
  readonly copy: SyntaxTree;
}

/** Characters of source whose trees are kept: both together take some hundred bytes for each. */
const keptCharacters = 512 * 1024;

/**
 * The trees of the files that were parsed last, so that after an edit only what it changed is parsed. Those of tree-sitter are freed
 * when others take their place, and at the end by `close`.
 */
export class KeptTrees {
  readonly #kept = new Map<string, Kept>();
  #isClosed = false;

  /** Parses the next version of what was parsed under this name before. Rejects when aborted, and keeps then what it had. */
  async parse(name: string, text: string, signal: AbortSignal): Promise<SyntaxTree> {
    const before = this.#kept.get(name);
    if (before?.text === text) return before.copy;
    const tree = await treeAfter(before, text, signal);
    try {
      const copy = await copyInSlices(tree, text, signal);
      this.#keep(name, { text, tree, copy });
      return copy;
    } catch (error) {
      tree.delete();
      throw error;
    }
  }

  /** Frees all. What is parsed from then on is not kept. */
  close(): void {
    this.#isClosed = true;
    for (const name of [...this.#kept.keys()]) this.#free(name);
  }

  #keep(name: string, kept: Kept): void {
    this.#free(name);
    if (this.#isClosed || kept.text.length > keptCharacters) {
      kept.tree.delete();
      return;
    }
    this.#kept.set(name, kept);
    let characters = 0;
    for (const [each, { text }] of [...this.#kept].reverse()) {
      characters += text.length;
      if (characters > keptCharacters) this.#free(each);
    }
  }

  #free(name: string): void {
    this.#kept.get(name)?.tree.delete();
    this.#kept.delete(name);
  }
}

async function treeAfter(before: Kept | undefined, text: string, signal: AbortSignal): Promise<Tree> {
  const earlier = before?.tree.copy();
  if (before === undefined || earlier === undefined) return treeInSlices(text, null, signal);
  try {
    earlier.edit(editBetween(before.text, text));
    const tree = await treeInSlices(text, earlier, signal);
    if (!tree.rootNode.hasError) return tree;
    // How far an error reaches depends on what was parsed before it: it is told of the text alone.
    tree.delete();
    return await treeInSlices(text, null, signal);
  } finally {
    earlier.delete();
  }
}

/** The one edit that makes a text into another: all between what both begin with and what both end with. */
export function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same += 1;
  const [oldEnd, newEnd] = [before.length - same, after.length - same];
  return new Edit({
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: pointAt(before, start),
    oldEndPosition: pointAt(before, oldEnd),
    newEndPosition: pointAt(after, newEnd),
  });
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let from = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    row += 1;
    from = at + 1;
  }
  return { row, column: offset - from };
}
