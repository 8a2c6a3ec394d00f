import type { Pace } from '../pacer.ts';
import {
  boundNames,
  type ImportedName,
  importedNames,
  isStarImport,
  targetNames,
} from '../syntax/bound-names.ts';
import { type FreeNames, freeNames } from '../syntax/free-names.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import { noPackages } from './standard-library.ts';
import { topLevel } from './top-level.ts';

/** A top-level statement with what it gives to its module and takes from it. */
export interface Statement {
  readonly node: SyntaxNode;
  /** A function or a class, as against a statement that computes or does something when the module is imported. */
  readonly isDefinition: boolean;
  readonly binds: ReadonlySet<string>;
  readonly free: FreeNames;
  /** Names through which this statement may change a value that another one made: `TABLE` in `TABLE.update(…)`. */
  readonly touches: ReadonlySet<string>;
  /** Names whose own attributes or items it sets, or of which it calls a method: `Options` in `Options.strict = True`. */
  readonly changes: ReadonlySet<string>;
  /** An assignment of a value that nothing can change in place: a number, a text, a tuple of such. */
  readonly isConstant: boolean;
  /** A class that holds a value for all of its objects which others may change: a registry. */
  readonly isShared: boolean;
}

/** A parsed module, ready to be sliced. */
export interface Module {
  /** Path within the folder, with forward slashes. */
  readonly file: string;
  readonly tree: SyntaxTree;
  /** Line of the file for each line of the tree's text, both counted from 1; absent where they are the same. */
  readonly lines?: readonly number[];
  readonly fileHash: string;
  /** In order of the text; import statements are not among them. */
  readonly statements: readonly Statement[];
  readonly definitions: ReadonlyMap<string, readonly Statement[]>;
  readonly imports: ReadonlyMap<string, readonly ImportedName[]>;
  /** Modules whose public names are all imported. */
  readonly stars: readonly string[];
  /** Whether annotations are not evaluated: `from __future__ import annotations`. */
  readonly postponesHints: boolean;
  /** The module in which names are looked up that this one does not have: of code that was written as if it stood there. */
  readonly around?: Module;
}

/** Line of a module's file in which a line of its text stands, both counted from 1. */
export function fileLine({ lines }: Pick<Module, 'lines'>, line: number): number {
  return lines === undefined ? line : (lines[line - 1] ?? lines.at(-1) ?? 1);
}

/** Reads a syntax tree as a module, as it would be where `packages` can be imported. */
export async function readModule(
  file: string,
  fileHash: string,
  tree: SyntaxTree,
  pace: Pace,
  packages = noPackages,
): Promise<Module> {
  const statements: Statement[] = [];
  const definitions = new Map<string, Statement[]>();
  const imports = new Map<string, ImportedName[]>();
  const stars: string[] = [];
  for (const node of topLevel(tree, packages)) {
    await pace();
    if (isStarImport(node)) {
      const from = childIn(node, 'module_name');
      if (from !== undefined) stars.push(textOf(tree, from));
    } else if (isImport(node)) {
      for (const imported of importedNames(tree, node)) append(imports, imported.local, imported);
    } else if (node.named && node.type !== 'comment' && !isLeftOut(tree, node)) {
      const statement = readStatement(tree, node);
      statements.push(statement);
      for (const name of statement.binds) append(definitions, name, statement);
    }
  }
  const postponesHints = /^from __future__ import .*\bannotations\b/m.test(tree.text);
  return { file, fileHash, tree, statements, definitions, imports, stars, postponesHints };
}

export function isImport(node: SyntaxNode): boolean {
  return ['import_statement', 'import_from_statement', 'future_import_statement'].includes(node.type);
}

/** `del NAME` gives nothing to anybody; `if TYPE_CHECKING:` and `if __name__ == '__main__':` have no part in what an imported module's functions return. */
function isLeftOut(tree: SyntaxTree, node: SyntaxNode): boolean {
  if (node.type === 'delete_statement')
    return [...descendants(node)].every(({ type }) => !['attribute', 'subscript'].includes(type));
  if (node.type !== 'if_statement') return false;
  const condition = childIn(node, 'condition');
  return condition !== undefined && /\bTYPE_CHECKING\b|\b__name__\b/.test(textOf(tree, condition));
}

function readStatement(tree: SyntaxTree, node: SyntaxNode): Statement {
  const isDefinition = ['function_definition', 'class_definition'].includes(undecorated(node).type);
  const { bound } = boundNames(tree, [node]);
  const touches = touchedNames(tree, node);
  const free = freeNames(tree, node);
  const changes = changedNames(tree, node);
  const isConstant = isConstantAssignment(node);
  return { node, isDefinition, binds: bound, free, touches, changes, isConstant, isShared: isShared(node) };
}

/** Whether a class's body gives an attribute a value that can be changed in place. */
function isShared(node: SyntaxNode): boolean {
  const definition = undecorated(node);
  const body = definition.type === 'class_definition' ? childIn(definition, 'body') : undefined;
  return (body === undefined ? [] : namedChildren(body)).some((statement) => {
    const [assignment] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
    const value = assignment?.type === 'assignment' ? childIn(assignment, 'right') : undefined;
    return value !== undefined && /^(list|dictionary|set|call|.*_comprehension)$/.test(value.type);
  });
}

/** Names whose values a statement may change in place: bases of stores, and everything in a call made for its effect. */
function touchedNames(tree: SyntaxTree, statement: SyntaxNode): Set<string> {
  const touched = new Set<string>();
  const definition = undecorated(statement);
  const roots =
    definition === statement ? [statement] : statement.children.filter(({ type }) => type === 'decorator');
  if (definition === statement && statement.type.endsWith('_definition')) return touched;
  for (const node of roots.flatMap((root) => [...descendants(root)])) {
    const isEffect = node.type === 'decorator' || isCallForEffect(node);
    if (isEffect) for (const name of identifiers(tree, node)) touched.add(name);
    if (['assignment', 'augmented_assignment', 'delete_statement'].includes(node.type)) {
      const target = childIn(node, 'left') ?? node;
      const plain = new Set(targetNames(tree, target));
      if (target.type !== 'identifier') {
        for (const name of identifiers(tree, target)) if (!plain.has(name)) touched.add(name);
      }
    }
  }
  return touched;
}

/** Of what runs of a statement when its module is imported: whose attributes it sets, whose methods it calls for their effect. */
function changedNames(tree: SyntaxTree, statement: SyntaxNode): Set<string> {
  const changed = new Set<string>();
  const note = (node: SyntaxNode | undefined) => {
    let base = node;
    while (base?.type === 'attribute' || base?.type === 'subscript' || base?.type === 'call')
      base = childIn(base, 'object') ?? childIn(base, 'value') ?? childIn(base, 'function');
    if (base?.type === 'identifier' && base !== node) changed.add(textOf(tree, base));
  };
  const definition = undecorated(statement);
  const isDefinition = definition.type.endsWith('_definition');
  for (const decorator of statement.children.filter(({ type }) => type === 'decorator'))
    note(namedChildren(decorator)[0]);
  for (const node of isDefinition ? [] : descendants(statement)) {
    if (node.type === 'assignment' || node.type === 'augmented_assignment') note(childIn(node, 'left'));
    if (node.type === 'delete_statement') for (const target of namedChildren(node)) note(target);
    if (!isCallForEffect(node)) continue;
    const [call] = namedChildren(node);
    const callee = call && childIn(call, 'function');
    const [first] = namedChildren((call && childIn(call, 'arguments')) ?? node);
    if (
      callee?.type === 'identifier' &&
      /^(set|del)attr$/.test(textOf(tree, callee)) &&
      first?.type === 'identifier'
    )
      changed.add(textOf(tree, first));
    else note(callee);
  }
  return changed;
}

function isConstantAssignment(statement: SyntaxNode): boolean {
  const [assignment] = statement.type === 'expression_statement' ? namedChildren(statement) : [];
  const value = assignment?.type === 'assignment' ? childIn(assignment, 'right') : undefined;
  return value !== undefined && isConstantValue(value);
}

function isConstantValue(node: SyntaxNode): boolean {
  if (['tuple', 'parenthesized_expression', 'unary_operator'].includes(node.type))
    return namedChildren(node).every(isConstantValue);
  return /^(integer|float|string|concatenated_string|true|false|none)$/.test(node.type);
}

function isCallForEffect(node: SyntaxNode): boolean {
  return node.type === 'expression_statement' && namedChildren(node)[0]?.type === 'call';
}

function identifiers(tree: SyntaxTree, node: SyntaxNode): string[] {
  return [...descendants(node)]
    .filter(({ type }) => type === 'identifier')
    .map((found) => textOf(tree, found));
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
