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

interface Literal {
  readonly wanted: string;
  readonly value: Value;
  /** Offset, for the order of the parameters. */
  readonly at: number;
  /** What the parameter takes the place of; null of a variable, which becomes a parameter itself. */
  readonly node: SyntaxNode | null;
}

/** An example that grows. A class, because each name that it needs adds to all of it. */
class Reading {
  readonly #tree: SyntaxTree;
  readonly #around: Surroundings;
  /** Literals that become parameters, and variables that are literals. */
  readonly #literals: Literal[] = [];
  readonly #statements = new Set<SyntaxNode>();
  readonly #imports: ImportedName[] = [];
  readonly #followed = new Set<string>();

  constructor(tree: SyntaxTree, around: Surroundings) {
    this.#tree = tree;
    this.#around = around;
  }

  read(expression: SyntaxNode): Omit<Example, 'source' | 'file'> | undefined {
    if (!this.#follow(expression)) return undefined;
    if (this.#literals.length === 0 || this.#statements.size > maxLines) return undefined;
    const statements = [...this.#statements].sort((a, b) => a.start - b.start);
    const named = this.#named(new Set([...statements, expression].flatMap((node) => this.#variables(node))));
    const edits = named.flatMap(({ name, node }) =>
      node === null ? [] : [{ start: node.start, end: node.end, text: name }],
    );
    const lines = statements.map((statement) => this.#written(statement, edits));
    const result = this.#written(expression, edits);
    if (lines.join('').length + result.length > maxText) return undefined;
    return {
      parameters: named.map(({ name, value }) => ({ name, value })),
      lines,
      result,
      subject: this.#subjectOf(expression),
      imports: this.#imports,
      calls: this.#calls([...statements, expression]),
      line: lineAt(this.#tree.text, expression.start),
    };
  }

  /** Of `stack.push(1)`, `stack`, where that is a variable that comes along. */
  #subjectOf(expression: SyntaxNode): string | null {
    const callee = expression.type === 'call' ? childIn(expression, 'function') : undefined;
    const object = callee?.type === 'attribute' ? childIn(callee, 'object') : undefined;
    if (object?.type !== 'identifier') return null;
    const name = textOf(this.#tree, object);
    return [...this.#statements].some((statement) => boundBy(this.#tree, statement).has(name)) ? name : null;
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
    if (value !== undefined && changes.length === 0 && this.#literals.length < maxParameters) {
      this.#literals.push({ wanted: name, value, at: right.start, node: null });
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
      const found = block.findLast((statement) => boundBy(this.#tree, statement).has(name));
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
    if (this.#literals.length >= maxParameters) return;
    if (['lambda', 'function_definition', 'class_definition', 'decorator'].includes(node.type)) return;
    if (isComprehension(node)) return;
    const value = isWorth(node) ? staticValue(this.#tree, node, new Map()) : undefined;
    if (value !== undefined && value.type !== 'none' && value.type !== 'bool') {
      this.#literals.push({ wanted: hint ?? nameFor(value), value, at: node.start, node });
      return;
    }
    if (node.type === 'keyword_argument') {
      const [name, given] = [childIn(node, 'name'), childIn(node, 'value')];
      if (given !== undefined) this.#takeLiterals(given, name && textOf(this.#tree, name));
      return;
    }
    for (const child of node.children) if (child.named) this.#takeLiterals(child, undefined);
  }

  /** Names of variables that a piece of code uses or binds. */
  #variables(node: SyntaxNode): string[] {
    const { uses, inner } = freeNames(this.#tree, node);
    return [...uses.map(({ name }) => name), ...inner, ...boundNames(this.#tree, [node]).bound];
  }

  /** The literals in order of the text, each with a name that means nothing else. */
  #named(variables: ReadonlySet<string>): (Literal & { readonly name: string })[] {
    const own = this.#literals.filter(({ node }) => node === null).map(({ wanted }) => wanted);
    const taken = new Set([...variables, ...own]);
    return this.#literals
      .toSorted((a, b) => a.at - b.at)
      .map((literal) => {
        let name = literal.wanted;
        if (literal.node === null) return { ...literal, name };
        for (let number = 2; taken.has(name); number += 1) name = `${literal.wanted}_${number}`;
        taken.add(name);
        return { ...literal, name };
      });
  }

  /** The text of a statement with its literals replaced, as it reads at the left margin. */
  #written(node: SyntaxNode, edits: readonly TextEdit[]): string {
    const { text } = this.#tree;
    const written = editedText(text, node, edits);
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

/** What statements bind that were asked before: each example of a function asks all statements before it. */
const bound = new WeakMap<SyntaxNode, ReadonlySet<string>>();

function boundBy(tree: SyntaxTree, statement: SyntaxNode): ReadonlySet<string> {
  const names = bound.get(statement) ?? boundNames(tree, [statement]).bound;
  bound.set(statement, names);
  return names;
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
