import type { CallSource } from '../../../../protocol/seed.ts';
import type { Value } from '../../values/value.ts';
import type { Pace } from '../pacer.ts';
import { isImport } from '../slicing/module.ts';
import { type ImportedName, importedNames, isComprehension, targetNames } from '../syntax/bound-names.ts';
import {
  childIn,
  lineAt,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';
import { itemsOf, type KnownValues, staticValue } from './static-value.ts';

/** A call as it stands in a text. */
export interface CallSite {
  /** Dotted, as written: `more.chunked`. */
  readonly callee: string;
  /** Imports inside the function or session that the call stands in, which bind the callee's first name; else null. */
  readonly imported: ImportedName | null;
  /** Null where an argument's value cannot be told. */
  readonly arguments: Arguments | null;
  /** Counted from 1. */
  readonly line: number;
  readonly source: CallSource;
}

export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: readonly (readonly [string, Value])[];
}

/** More ways than this to fill the variables of one loop or test are not followed. */
const maxWays = 64;

type Known = Map<string, Value | null>;

interface Walk {
  readonly tree: SyntaxTree;
  readonly source: CallSource;
  readonly imports: Map<string, ImportedName>;
  readonly found: CallSite[];
  readonly isWanted: (callee: string) => boolean;
}

/**
 * The calls in a syntax tree, with their arguments where these are known: literals, and variables that were given literals
 * before, by assignment, by a loop over literals or by `pytest.mark.parametrize`. `isWanted` is asked for each callee first.
 */
export async function callSites(
  tree: SyntaxTree,
  { source, isModule }: { readonly source: CallSource; readonly isModule: boolean },
  isWanted: (callee: string) => boolean,
  pace: Pace,
): Promise<CallSite[]> {
  const walk: Walk = { tree, source, imports: new Map(), found: [], isWanted };
  const ways = [new Map()];
  for (const node of tree.root.children) {
    await pace();
    if (node.named) visit(walk, node, ways, isModule);
  }
  return walk.found;
}

/** `ways`: the values that names can have here, one map for each time that this code runs. */
function visitAll(walk: Walk, nodes: readonly SyntaxNode[], ways: readonly Known[], isModule = false): void {
  for (const node of nodes) if (node.named) visit(walk, node, ways, isModule);
}

function visit(walk: Walk, node: SyntaxNode, ways: readonly Known[], isModule = false): void {
  const { tree } = walk;
  switch (node.type) {
    case 'comment':
    case 'string':
    case 'identifier':
      if (node.type === 'string') visitAll(walk, node.children, ways);
      return;
    case 'import_statement':
    case 'import_from_statement':
      // A module's own imports are known from its index; those of functions and sessions only here.
      for (const imported of isModule ? [] : importedNames(tree, node)) {
        walk.imports.set(imported.local, imported);
        // Whatever the name was before: documents show what a function looks like, then import it.
        for (const way of ways) way.delete(imported.local);
      }
      return;
    case 'decorated_definition': {
      const definition = childIn(node, 'definition');
      const decorators = node.children.filter(({ type }) => type === 'decorator');
      visitAll(walk, decorators, ways);
      if (definition !== undefined) visitDefinition(walk, definition, decorators, ways, isModule);
      return;
    }
    case 'function_definition':
    case 'class_definition':
      visitDefinition(walk, node, [], ways, isModule);
      return;
    case 'lambda':
      visitAll(walk, node.children, withUnknown(tree, ways, childIn(node, 'parameters')));
      return;
    case 'assignment':
      visitAll(walk, node.children, ways);
      assign(tree, childIn(node, 'left'), childIn(node, 'right'), ways);
      return;
    case 'augmented_assignment':
    case 'with_statement':
      for (const way of ways) {
        for (const name of targetNames(tree, childIn(node, 'left') ?? node.children[1] ?? node))
          way.set(name, null);
      }
      visitAll(walk, node.children, ways);
      return;
    case 'for_statement':
      visitLoop(walk, node, ways);
      return;
    case 'call':
      visitCall(walk, node, ways);
      return;
    default:
      if (isComprehension(node)) visitComprehension(walk, node, ways);
      else visitAll(walk, node.children, ways, isModule && !isImport(node));
  }
}

function visitDefinition(
  walk: Walk,
  node: SyntaxNode,
  decorators: readonly SyntaxNode[],
  ways: readonly Known[],
  isModule: boolean,
): void {
  const { tree } = walk;
  const body = childIn(node, 'body');
  if (body === undefined) return;
  const inside = withUnknown(tree, ways, childIn(node, 'parameters'));
  const filled = decorators.reduce((all, decorator) => parametrized(tree, decorator, all), inside);
  visitAll(walk, body.children, filled);
  const name = childIn(node, 'name');
  if (isModule || name === undefined) return;
  // A function inside of another is not the one of the same name in the module.
  for (const way of ways) way.set(textOf(tree, name), null);
}

/** Copies in which the parameters hold what nobody knows. */
function withUnknown(tree: SyntaxTree, ways: readonly Known[], parameters: SyntaxNode | undefined): Known[] {
  const names =
    parameters === undefined ? [] : namedChildren(parameters).map((node) => childIn(node, 'name') ?? node);
  return ways.map((way) => {
    const copy = new Map(way);
    for (const node of names) for (const name of targetNames(tree, node)) copy.set(name, null);
    return copy;
  });
}

/** `@pytest.mark.parametrize('a, b', [(1, 2), …])` fills the parameters once for each row. */
function parametrized(tree: SyntaxTree, decorator: SyntaxNode, ways: readonly Known[]): Known[] {
  const [call] = namedChildren(decorator);
  const callee = call && childIn(call, 'function');
  const list = call && childIn(call, 'arguments');
  const [names, rows] = list === undefined ? [] : namedChildren(list);
  if (callee === undefined || names === undefined || rows === undefined) return [...ways];
  if (!/\bparametrize$/.test(textOf(tree, callee))) return [...ways];
  const known = ways[0] ?? new Map();
  const namesValue = staticValue(tree, names, known);
  if (namesValue?.type === 'str') {
    const targets = namesValue.value.split(',').map((name) => name.trim());
    const [only = ''] = targets;
    return spread(tree, rows, ways, (row) => (targets.length === 1 ? [[only, row]] : pairUp(targets, row)));
  }
  const targets =
    namesValue && itemsOf(namesValue)?.flatMap((item) => (item.type === 'str' ? item.value : []));
  return targets === undefined ? [...ways] : spread(tree, rows, ways, (row) => pairUp(targets, row));
}

/** One copy of each way for each row of a literal table; the ways as they are where the rows are not known. */
function spread(
  tree: SyntaxTree,
  rows: SyntaxNode,
  ways: readonly Known[],
  bind: (row: Value) => readonly (readonly [string, Value | null])[],
): Known[] {
  const filled: Known[] = [];
  for (const way of ways) {
    for (const row of rowValues(tree, rows, way)) {
      if (filled.length < maxWays) filled.push(new Map([...way, ...(row === undefined ? [] : bind(row))]));
    }
  }
  return filled.length === 0 ? [...ways] : filled;
}

/** The rows of a table one by one, so that one that is not literal does not hide the others. */
function rowValues(tree: SyntaxTree, node: SyntaxNode, known: KnownValues): (Value | undefined)[] {
  const whole = staticValue(tree, node, known);
  if (whole !== undefined) return [...(itemsOf(whole) ?? [])];
  if (node.type !== 'list' && node.type !== 'tuple') return [];
  return namedChildren(node)
    .map((row) => staticValue(tree, row, known))
    .filter((row) => row !== undefined);
}

function pairUp(targets: readonly string[], row: Value): [string, Value | null][] {
  const items = itemsOf(row);
  return targets.map((target, index) => [
    target,
    items?.length === targets.length ? (items[index] ?? null) : null,
  ]);
}

/** Gives the names of a target their values; null where these are not known. */
function bindTarget(
  tree: SyntaxTree,
  target: SyntaxNode,
  value: Value | undefined,
): [string, Value | null][] {
  if (target.type === 'identifier') return [[textOf(tree, target), value ?? null]];
  const parts = namedChildren(target);
  const items = value && itemsOf(value);
  if (target.type.endsWith('_splat_pattern') || items?.length !== parts.length) {
    return targetNames(tree, target).map((name) => [name, null]);
  }
  return parts.flatMap((part, index) => bindTarget(tree, part, items[index]));
}

function assign(
  tree: SyntaxTree,
  target: SyntaxNode | undefined,
  value: SyntaxNode | undefined,
  ways: readonly Known[],
): void {
  if (target === undefined || value === undefined) return;
  for (const way of ways) {
    for (const [name, its] of bindTarget(tree, target, staticValue(tree, value, way))) way.set(name, its);
  }
}

function visitLoop(walk: Walk, node: SyntaxNode, ways: readonly Known[]): void {
  const [left, right] = [childIn(node, 'left'), childIn(node, 'right')];
  const body = childIn(node, 'body');
  if (left === undefined || right === undefined || body === undefined) return;
  visit(walk, right, ways);
  const unknown = ways.map((way) => new Map([...way, ...bindTarget(walk.tree, left, undefined)]));
  visitAll(
    walk,
    body.children,
    spread(walk.tree, right, unknown, (row) => bindTarget(walk.tree, left, row)),
  );
  const otherwise = childIn(node, 'alternative');
  if (otherwise !== undefined) visit(walk, otherwise, ways);
}

function visitComprehension(walk: Walk, node: SyntaxNode, ways: readonly Known[]): void {
  let inside = [...ways];
  for (const clause of node.children.filter(({ type }) => type === 'for_in_clause')) {
    const [left, right] = [childIn(clause, 'left'), childIn(clause, 'right')];
    if (left === undefined || right === undefined) continue;
    visit(walk, right, inside);
    const unknown = inside.map((way) => new Map([...way, ...bindTarget(walk.tree, left, undefined)]));
    inside = spread(walk.tree, right, unknown, (row) => bindTarget(walk.tree, left, row));
  }
  visitAll(
    walk,
    node.children.filter(({ type }) => type !== 'for_in_clause'),
    inside,
  );
}

function visitCall(walk: Walk, node: SyntaxNode, ways: readonly Known[]): void {
  const { tree, imports, source, found } = walk;
  visitAll(walk, node.children, ways);
  const callee = childIn(node, 'function');
  const list = childIn(node, 'arguments');
  if (callee === undefined || list?.type !== 'argument_list') return;
  if (callee.type !== 'identifier' && callee.type !== 'attribute') return;
  const path = textOf(tree, callee);
  const [first = ''] = path.split('.');
  const imported = imports.get(first) ?? null;
  if (!/^[\w.]+$/.test(path) || !walk.isWanted(path === first ? (imported?.name ?? path) : path)) return;
  const line = lineAt(tree.text, node.start);
  for (const way of ways) {
    // A local variable of that name is not the function of that name.
    if (way.has(first)) continue;
    found.push({ callee: path, imported, arguments: argumentValues(tree, list, way), line, source });
  }
}

function argumentValues(tree: SyntaxTree, list: SyntaxNode, known: KnownValues): Arguments | null {
  const positional: Value[] = [];
  const named: [string, Value][] = [];
  for (const argument of namedChildren(list)) {
    if (argument.type === 'keyword_argument') {
      const [name, value] = [childIn(argument, 'name'), childIn(argument, 'value')];
      const its = value && staticValue(tree, value, known);
      if (name === undefined || its === undefined) return null;
      named.push([textOf(tree, name), its]);
    } else {
      const [spreadNode] = argument.type === 'list_splat' ? namedChildren(argument) : [];
      const value = staticValue(tree, spreadNode ?? argument, known);
      const values = value && (spreadNode === undefined ? [value] : itemsOf(value));
      if (values === undefined || named.length > 0) return null;
      positional.push(...values);
    }
  }
  return { positional, named };
}
