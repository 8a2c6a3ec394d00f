import type { Value } from '../../values/value.ts';
import { staticValue } from '../calls/static-value.ts';
import { isImport } from '../slicing/module.ts';
import { boundNames, type ImportedName, importedNames, isComprehension } from '../syntax/bound-names.ts';
import { freeNames } from '../syntax/free-names.ts';
import {
  childIn,
  descendants,
  lineAt,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import { editedText, lineStart, type TextEdit } from '../syntax/text-edits.ts';
import type { Example } from './example.ts';

/** What stands around an expression, in its own function or session. */
export interface Surroundings {
  /** Statements before it, of the outermost block first. */
  readonly before: readonly (readonly SyntaxNode[])[];
  /** Names that hold what is not known. */
  readonly unknown: ReadonlySet<string>;
}

/** Bounds of what a person reads as one example. */
const maxLines = 8;
const maxParameters = 4;
const maxText = 800;

/**
 * Reads an expression as an example: its literals become parameters, the local variables that it needs come along. Undefined where
 * it needs what is not known, or holds no literal.
 */
export function readExample(
  tree: SyntaxTree,
  expression: SyntaxNode,
  around: Surroundings,
): Omit<Example, 'source' | 'file'> | undefined {
  return new Reading(tree, around).read(expression);
}

/** An example that grows. A class, because each name that it needs adds to all of it. */
class Reading {
  readonly #tree: SyntaxTree;
  readonly #around: Surroundings;
  readonly #edits: TextEdit[] = [];
  readonly #parameters: { readonly name: string; readonly value: Value; readonly at: number }[] = [];
  readonly #statements = new Set<SyntaxNode>();
  readonly #imports: ImportedName[] = [];
  /** Names that mean something already. */
  readonly #taken = new Set<string>();
  readonly #followed = new Set<string>();

  constructor(tree: SyntaxTree, around: Surroundings) {
    this.#tree = tree;
    this.#around = around;
  }

  read(expression: SyntaxNode): Omit<Example, 'source' | 'file'> | undefined {
    const nearby = this.#tree.text.slice(Math.max(0, expression.start - 4_000), expression.end);
    for (const [word] of nearby.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) this.#taken.add(word);
    if (!this.#follow(expression)) return undefined;
    if (this.#parameters.length === 0 || this.#statements.size > maxLines) return undefined;
    const statements = [...this.#statements].sort((a, b) => a.start - b.start);
    const lines = statements.map((statement) => this.#written(statement));
    const result = this.#written(expression);
    if (lines.join('').length + result.length > maxText) return undefined;
    const parameters = this.#parameters.toSorted((a, b) => a.at - b.at);
    return {
      parameters: parameters.map(({ name, value }) => ({ name, value })),
      lines,
      result,
      imports: this.#imports,
      calls: this.#calls([...statements, expression]),
      line: lineAt(this.#tree.text, expression.start),
    };
  }

  /** Takes along what a piece of code needs; false where that is not known. */
  #follow(node: SyntaxNode): boolean {
    this.#takeLiterals(node, undefined);
    for (const { name } of freeNames(this.#tree, node).uses) {
      if (this.#followed.has(name)) continue;
      this.#followed.add(name);
      if (!this.#followName(name, node)) return false;
    }
    return true;
  }

  #followName(name: string, by: SyntaxNode): boolean {
    const binding = this.#bindingOf(name);
    if (binding === undefined) return !this.#around.unknown.has(name);
    if (isImport(binding)) {
      this.#imports.push(...importedNames(this.#tree, binding).filter(({ local }) => local === name));
      return true;
    }
    const definition = undecorated(binding);
    if (definition.type.endsWith('_definition')) return this.#take(binding);
    const [assignment] = binding.type === 'expression_statement' ? namedChildren(binding) : [];
    const [left, right] =
      assignment?.type === 'assignment' ? [childIn(assignment, 'left'), childIn(assignment, 'right')] : [];
    if (left?.type !== 'identifier' || right === undefined) return false;
    const value = staticValue(this.#tree, right, new Map());
    const changes = this.#changesOf(name, binding, by);
    if (value !== undefined && changes.length === 0 && this.#parameters.length < maxParameters) {
      this.#parameters.push({ name, value, at: right.start });
      return true;
    }
    return this.#take(binding) && changes.every((change) => this.#take(change));
  }

  #take(statement: SyntaxNode): boolean {
    if (this.#statements.has(statement)) return true;
    this.#statements.add(statement);
    return this.#statements.size <= maxLines && this.#follow(statement);
  }

  /** The last statement before that binds a name. */
  #bindingOf(name: string): SyntaxNode | undefined {
    for (const block of this.#around.before.toReversed()) {
      const found = block.findLast((statement) => boundNames(this.#tree, [statement]).bound.has(name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Statements after a binding that call a method of what it binds: `stack.push(1)`. */
  #changesOf(name: string, binding: SyntaxNode, by: SyntaxNode): SyntaxNode[] {
    return this.#around.before.flat().filter((statement) => {
      if (statement.start <= binding.start || statement.start >= by.start) return false;
      const [call] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
      const text = textOf(this.#tree, statement);
      if (call?.type === 'call') return text.startsWith(`${name}.`);
      return text.startsWith(`${name}[`) || text.startsWith(`del ${name}[`);
    });
  }

  /** Makes literals parameters, the largest ones that there are. */
  #takeLiterals(node: SyntaxNode, hint: string | undefined): void {
    if (this.#parameters.length >= maxParameters) return;
    if (['lambda', 'function_definition', 'class_definition', 'decorator'].includes(node.type)) return;
    if (isComprehension(node)) return;
    const value = isWorth(node) ? staticValue(this.#tree, node, new Map()) : undefined;
    if (value !== undefined && value.type !== 'none' && value.type !== 'bool') {
      const name = this.#freeName(hint ?? nameFor(value));
      this.#parameters.push({ name, value, at: node.start });
      this.#edits.push({ start: node.start, end: node.end, text: name });
      return;
    }
    if (node.type === 'keyword_argument') {
      const [name, given] = [childIn(node, 'name'), childIn(node, 'value')];
      if (given !== undefined) this.#takeLiterals(given, name && textOf(this.#tree, name));
      return;
    }
    for (const child of node.children) if (child.named) this.#takeLiterals(child, undefined);
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wanted}_${number}`;
    this.#taken.add(name);
    return name;
  }

  /** The text of a statement with its literals replaced, as it reads at the left margin. */
  #written(node: SyntaxNode): string {
    const { text } = this.#tree;
    const written = editedText(text, node, this.#edits);
    const margin = /^[ \t]*/.exec(text.slice(lineStart(text, node.start)))?.[0] ?? '';
    return written
      .split('\n')
      .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line))
      .join('\n');
  }

  #calls(nodes: readonly SyntaxNode[]): Set<string> {
    const calls = new Set<string>();
    for (const node of nodes.flatMap((each) => [...descendants(each)])) {
      const callee = node.type === 'call' ? childIn(node, 'function') : undefined;
      const name = callee?.type === 'attribute' ? childIn(callee, 'attribute') : callee;
      if (name?.type === 'identifier') calls.add(textOf(this.#tree, name));
      // A property is asked without being called.
      if (node.type === 'attribute') {
        const attribute = childIn(node, 'attribute');
        if (attribute !== undefined) calls.add(textOf(this.#tree, attribute));
      }
    }
    return calls;
  }
}

/** Kinds of nodes whose value is a parameter where it can be told. */
function isWorth({ type }: SyntaxNode): boolean {
  return [
    'string',
    'concatenated_string',
    'integer',
    'float',
    'unary_operator',
    'list',
    'tuple',
    'dictionary',
    'set',
    'call',
    'binary_operator',
  ].includes(type);
}

/** What a person would call a value of which nothing is known but its type. */
function nameFor(value: Value): string {
  switch (value.type) {
    case 'str':
      return 'text';
    case 'bytes':
      return 'data';
    case 'int':
    case 'float':
    case 'complex':
      return 'number';
    case 'dict':
      return 'mapping';
    case 'tuple':
      return 'pair';
    case 'list':
    case 'set':
    case 'frozenset':
      return 'items';
    default:
      return 'value';
  }
}
