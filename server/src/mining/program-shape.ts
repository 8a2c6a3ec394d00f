import { createHash } from 'node:crypto';
import { readValue } from '../values/literal-reader.ts';
import { writeValue } from '../values/literal-writer.ts';
import { parsePython } from './python-parser.ts';
import { isImport } from './slicing/module.ts';
import { boundNames, importedNames } from './syntax/bound-names.ts';
import { freeNames, type Scope } from './syntax/free-names.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from './syntax/syntax.ts';

/** Where a name is bound: the module, or a scope in it. */
type Binder = Scope | 'module';

/**
 * Hash of a program's syntax with every name that the program itself binds replaced by a number, without comments,
 * docstrings and layout. Equal for programs that differ only in the names of entry, helpers, parameters and variables,
 * in how they are formatted and in how they spell a literal. 64 hex digits.
 */
export function shapeHash(program: string, entry: string): string {
  const tree = parsePython(program);
  const binders = findBinders(tree);
  const numbers = new Map<Binder, Map<string, number>>();
  let count = 0;
  const numbered = (binder: Binder, name: string) => {
    const its = numbers.get(binder) ?? new Map<string, number>();
    numbers.set(binder, its);
    const number = its.get(name) ?? count++;
    its.set(name, number);
    return binder === 'module' && name === entry ? 'entry' : `#${number}`;
  };
  const hash = createHash('sha256');
  for (const part of shapeOf(tree, tree.root, (node) => {
    const binder = binders.get(node);
    return binder === undefined ? textOf(tree, node) : numbered(binder, textOf(tree, node));
  })) {
    hash.update(part).update('\0');
  }
  return hash.digest('hex');
}

/** Finds for each identifier what binds it; identifiers that nothing in the program binds are left out. */
function findBinders(tree: SyntaxTree): Map<SyntaxNode, Binder> {
  const binders = new Map<SyntaxNode, Binder>();
  const statements = tree.root.children.filter(({ named, type }) => named && type !== 'comment');
  const { bound } = boundNames(tree, statements);
  const parameters = new Map<string, Map<string, Scope>>();
  for (const statement of statements) {
    const { uses, globals } = freeNames(tree, statement, (node, scope) => {
      binders.set(node, scope);
      if (scope.outer !== undefined) return;
      // Of a function of the module: its parameters can be named in calls.
      const name = definedName(tree, statement);
      if (name === undefined) return;
      parameters.set(name, (parameters.get(name) ?? new Map()).set(textOf(tree, node), scope));
    });
    for (const name of globals) bound.add(name);
    for (const { node, name } of uses) if (bound.has(name)) binders.set(node, 'module');
  }
  for (const node of descendants(tree.root)) {
    if (node.type === 'call') bindKeywords(tree, node, parameters, binders);
    for (const name of namesBoundBy(node)) {
      if (!binders.has(name) && bound.has(textOf(tree, name))) binders.set(name, 'module');
    }
  }
  return binders;
}

/** The identifiers that a definition or an import binds. */
function namesBoundBy(node: SyntaxNode): SyntaxNode[] {
  if (isImport(node)) return node.children.filter(({ field }) => field === 'name').map(localIdentifier);
  const name = node.type.endsWith('_definition') ? childIn(node, 'name') : undefined;
  return name === undefined ? [] : [name];
}

/** Of `os.path`, `os`; of `x as y`, `y`. */
function localIdentifier(imported: SyntaxNode): SyntaxNode {
  return childIn(imported, 'alias') ?? namedChildren(imported)[0] ?? imported;
}

function definedName(tree: SyntaxTree, statement: SyntaxNode): string | undefined {
  const name = statement.type === 'function_definition' ? childIn(statement, 'name') : undefined;
  return name === undefined ? undefined : textOf(tree, name);
}

function bindKeywords(
  tree: SyntaxTree,
  call: SyntaxNode,
  parameters: ReadonlyMap<string, ReadonlyMap<string, Scope>>,
  binders: Map<SyntaxNode, Binder>,
): void {
  const callee = childIn(call, 'function');
  const list = childIn(call, 'arguments');
  if (callee === undefined || list === undefined || binders.get(callee) !== 'module') return;
  for (const argument of list.children) {
    const name = argument.type === 'keyword_argument' ? childIn(argument, 'name') : undefined;
    const scope = name && parameters.get(textOf(tree, callee))?.get(textOf(tree, name));
    if (name !== undefined && scope !== undefined) binders.set(name, scope);
  }
}

const punctuation = new Set(['(', ')', '[', ']', '{', '}', ',', ':', ';']);
const literals = new Set(['integer', 'float', 'string', 'concatenated_string']);
/** Different writings of one thing. */
const sameType = new Map([
  ['expression_list', 'tuple'],
  ['pattern_list', 'tuple_pattern'],
]);

function* shapeOf(
  tree: SyntaxTree,
  node: SyntaxNode,
  nameOf: (node: SyntaxNode) => string,
): Generator<string> {
  if (node.type === 'comment' || node.type === 'line_continuation' || isUnusedString(node)) return;
  if (node.type === 'identifier') {
    yield nameOf(node);
    return;
  }
  if (isImport(node)) {
    yield* importShape(tree, node, nameOf);
    return;
  }
  if (literals.has(node.type)) {
    const read = readValue(textOf(tree, node));
    if (read.ok) {
      yield writeValue(read.value);
      return;
    }
  }
  if (node.children.length === 0) {
    yield textOf(tree, node);
    return;
  }
  const inner = node.type === 'parenthesized_expression' ? namedChildren(node) : [];
  if (inner.length === 1 && inner[0] !== undefined) {
    yield* shapeOf(tree, inner[0], nameOf);
    return;
  }
  yield `<${sameType.get(node.type) ?? node.type}`;
  for (const child of node.children) {
    if (!child.named && punctuation.has(child.type) && !(node.type === 'slice' && child.type === ':'))
      continue;
    yield* shapeOf(tree, child, nameOf);
  }
  yield '>';
}

/** What is imported keeps its name; what it is called in the program does not matter. */
function* importShape(
  tree: SyntaxTree,
  node: SyntaxNode,
  nameOf: (node: SyntaxNode) => string,
): Generator<string> {
  yield 'import';
  const locals = namesBoundBy(node);
  for (const [index, { module, name, loads }] of importedNames(tree, node).entries()) {
    const local = locals[index];
    yield `${module} ${name} ${loads}`;
    if (local !== undefined) yield nameOf(local);
  }
}

function isUnusedString(node: SyntaxNode): boolean {
  if (node.type !== 'expression_statement') return false;
  return ['string', 'concatenated_string'].includes(namedChildren(node)[0]?.type ?? '');
}
