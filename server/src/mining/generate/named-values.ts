import { readValue } from '../../values/literal-reader.ts';
import type { Sliced } from '../slicing/program.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';

/** Values that a unit's own code names: the best guesses at what makes a difference to it. */
export interface NamedValues {
  readonly texts: readonly string[];
  readonly integers: readonly bigint[];
  /** Whole ones stand among the integers. */
  readonly floats: readonly number[];
  /** Texts by which something is looked up: `d['size']`, `d.get('size')`, `'size' in d`. */
  readonly keys: readonly string[];
  /** Sources of regular expressions. */
  readonly patterns: readonly string[];
}

/** A piece of code that may name values. */
export interface Code {
  readonly tree: SyntaxTree;
  readonly node: SyntaxNode;
}

export const nothingNamed: NamedValues = { texts: [], integers: [], floats: [], keys: [], patterns: [] };

/** Texts longer than this are messages, not values. */
const maxText = 40;

/** Longer ones match what no task would show. */
const maxPattern = 120;

/** Nodes that are looked at in all: what is named further on is not the likeliest. */
const maxNodes = 20_000;

/** Methods that look their first argument up. */
const lookups = /\.(get|pop|setdefault|index|count|startswith|endswith|split|partition)$/;

/** What tells a regular expression from other texts, where it is not given to `re`. */
const patternLike = /\\[dwsbDWS]|\[\^?[\w-]+\][+*?]?|\(\?/;

/** Values that stand in code, but for its prose; at most `most` of each kind, the first ones first. */
export function namedValues(code: readonly Code[], most: number): NamedValues {
  const texts = new Set<string>();
  const integers = new Set<bigint>();
  const floats = new Set<number>();
  const keys = new Set<string>();
  const patterns = new Set<string>();
  let left = maxNodes;
  for (const { tree, node: whole } of code) {
    for (const node of descendants(whole)) {
      left -= 1;
      if (left < 0) break;
      for (const key of keysAt(tree, node)) keys.add(key);
      if (!['string', 'integer', 'float'].includes(node.type)) continue;
      const read = readValue(textOf(tree, node));
      if (!read.ok) continue;
      if (read.value.type === 'str') {
        const { value: text } = read.value;
        if (text.length <= maxPattern && patternLike.test(text)) patterns.add(text);
        else if (text.length <= maxText) texts.add(text);
      }
      if (read.value.type === 'float' && Number.isFinite(read.value.value)) floats.add(read.value.value);
      if (read.value.type === 'int') {
        for (const near of [0n, 1n, -1n]) integers.add(read.value.value + near);
      }
    }
  }
  return {
    texts: [...texts].slice(0, most),
    integers: [...integers].filter((each) => each > -1000n && each < 10_000n).slice(0, most + 2),
    floats: [...floats].slice(0, most),
    keys: [...keys].slice(0, most),
    patterns: [...patterns].slice(0, most),
  };
}

/** Texts that a node looks up. */
function keysAt(tree: SyntaxTree, node: SyntaxNode): string[] {
  const texts = (nodes: readonly (SyntaxNode | undefined)[]) =>
    nodes.flatMap((each) => {
      const read = each?.type === 'string' ? readValue(textOf(tree, each)) : undefined;
      return read?.ok === true && read.value.type === 'str' && read.value.value.length <= maxText
        ? [read.value.value]
        : [];
    });
  switch (node.type) {
    case 'subscript':
      return texts([childIn(node, 'subscript')]);
    case 'comparison_operator': {
      const [first] = namedChildren(node);
      const isIn = node.children.some(({ type }) => type === 'in' || type === 'not in');
      return isIn ? texts([first]) : [];
    }
    case 'call': {
      const callee = childIn(node, 'function');
      const args = childIn(node, 'arguments');
      if (callee === undefined || args === undefined || !lookups.test(textOf(tree, callee))) return [];
      return texts(namedChildren(args).slice(0, 1));
    }
    default:
      return [];
  }
}

/** The code of a program, the unit's own among it. */
export function helpersIn({ pieces }: Pick<Sliced, 'pieces'>): Code[] {
  return pieces.map(({ module, statement }) => ({ tree: module.tree, node: statement.node }));
}
