import { createHash } from 'node:crypto';
import type { Module, Statement } from '../slicing/module.ts';
import {
  childIn,
  docstringOf,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';

/** What is kept of a definition, to tell whether another one is nearly the same. */
export interface DefinitionPrint {
  /** Equal for definitions that differ only in the names that they bind, in comments, docstrings and layout. */
  readonly shape: string;
  /** Hashes of every five tokens in a row, no two alike, the smallest first. */
  readonly grams: Uint32Array;
}

/** A definition at the top of a module, by its name. */
export interface DefinedPrint {
  readonly symbol: string;
  readonly print: DefinitionPrint;
}

/** The prints of a module's functions and classes. */
export function printsOf({ tree, statements }: Module): DefinedPrint[] {
  return statements.flatMap((statement) => {
    const definition = undecorated(statement.node);
    const name = definition.type.endsWith('_definition') ? childIn(definition, 'name') : undefined;
    return name === undefined
      ? []
      : [{ symbol: textOf(tree, name), print: definitionPrint(tree, statement) }];
  });
}

/** Fewer of them say nothing: `return self._name` stands in thousands of definitions. */
const fewestGrams = 12;
const gramLength = 5;

/** Reads the print of a function or class at the top of a module. */
export function definitionPrint(tree: SyntaxTree, statement: Statement): DefinitionPrint {
  const free = new Set(statement.free.uses.map(({ node }) => node));
  const definition = undecorated(statement.node);
  const name = childIn(definition, 'name');
  const own = name === undefined ? '' : textOf(tree, name);
  const numbers = new Map<string, number>();
  const shape: string[] = [];
  const texts: string[] = [];
  for (const { node, isFixed } of tokens(tree, statement.node)) {
    const text = textOf(tree, node);
    texts.push(text);
    shape.push(isFixed || free.has(node) ? text : renamed(text, own, numbers));
  }
  return {
    shape: createHash('sha256')
      .update(shape.map((text) => `${text}\0`).join(''))
      .digest('hex'),
    grams: gramsOf(texts),
  };
}

function renamed(text: string, own: string, numbers: Map<string, number>): string {
  if (text === own) return 'entry';
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return `#${number}`;
}

interface Token {
  readonly node: SyntaxNode;
  /** Whether its text means the same under every naming. */
  readonly isFixed: boolean;
}

/** The tokens of a definition, without comments and docstrings; a string is one. */
function* tokens(tree: SyntaxTree, node: SyntaxNode): Generator<Token> {
  const prose = ['function_definition', 'class_definition'].includes(node.type)
    ? docstringOf(childIn(node, 'body') ?? node)
    : undefined;
  const waiting: SyntaxNode[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === prose || next.type === 'comment' || next.type === 'line_continuation') continue;
    if (next !== node && ['function_definition', 'class_definition'].includes(next.type)) {
      yield* tokens(tree, next);
      continue;
    }
    const isPlainString =
      next.type === 'string' && !next.children.some(({ type }) => type === 'interpolation');
    if (next.children.length === 0 || isPlainString) {
      const isName = next.type === 'identifier' && next.field !== 'attribute';
      if (next.end > next.start) yield { node: next, isFixed: !isName };
      continue;
    }
    if (next.type === 'keyword_argument') {
      const [name, ...rest] = next.children;
      waiting.push(...rest.reverse());
      if (name !== undefined) yield { node: name, isFixed: true };
      continue;
    }
    waiting.push(...next.children.toReversed());
  }
}

function gramsOf(texts: readonly string[]): Uint32Array {
  const hashes = texts.map(hashOf);
  const grams = new Set<number>();
  for (let at = 0; at + gramLength <= hashes.length; at++) {
    let gram = 0;
    for (let token = at; token < at + gramLength; token++)
      gram = (Math.imul(gram, 0x01000193) ^ (hashes[token] ?? 0)) >>> 0;
    grams.add(gram);
  }
  return grams.size < fewestGrams ? new Uint32Array() : Uint32Array.from(grams).sort();
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
