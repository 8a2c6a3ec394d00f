import type { CallSource } from '../../../../protocol/seed.ts';
import type { Pace } from '../pacer.ts';
import { isImport } from '../slicing/module.ts';
import { targetNames } from '../syntax/bound-names.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import type { Example } from './example.ts';
import { readExample, type Surroundings } from './read-example.ts';

/** Where code stands, as far as its examples depend on it. */
interface Place {
  readonly file: string;
  readonly source: CallSource;
  /** Names at the top are found by the module's own index; those of a doctest session only in its text. */
  readonly isModule: boolean;
}

/** Examples of one text that are kept. */
const maxExamples = 2_000;

/** Calls that assert what their first arguments are: `self.assertEqual(f(x), 1)`. */
const asserting = /(^|\.|_)(assert\w*|eq_?|ok_|equals?)$/i;

/** Finds the expressions that call something wanted: what tests assert, what examples show, what is assigned. */
export async function findExamples(
  tree: SyntaxTree,
  place: Place,
  isWanted: (name: string) => boolean,
  pace: Pace,
): Promise<Example[]> {
  const found: Example[] = [];
  const add = (expression: SyntaxNode, around: Surroundings) => {
    if (found.length >= maxExamples || !callsWanted(tree, expression, isWanted)) return;
    const example = readExample(tree, expression, around);
    if (example !== undefined) found.push({ ...example, source: place.source, file: place.file });
  };
  const visit = async (statements: readonly SyntaxNode[], around: Surroundings) => {
    for (const [index, statement] of statements.entries()) {
      await pace();
      const here: Surroundings = {
        ...around,
        before: [...around.before.slice(0, -1), statements.slice(0, index)],
      };
      for (const expression of expressionsOf(tree, statement)) add(expression, here);
      for (const inner of blocksOf(tree, statement, place.isModule && around.before.length === 1)) {
        const before = inner.isApart ? [[]] : [...here.before, []];
        const unknown = new Set([...(inner.isApart ? [] : here.unknown), ...inner.unknown]);
        await visit(inner.statements, { before, unknown });
      }
    }
  };
  const top = tree.root.children.filter(({ named }) => named);
  // What a module binds at its top is found by its name, so nothing of it stands "before".
  if (place.isModule) await visitModule(top);
  else await visit(top, { before: [[]], unknown: new Set() });
  return found;

  async function visitModule(statements: readonly SyntaxNode[]): Promise<void> {
    for (const statement of statements) {
      await pace();
      const around: Surroundings = { before: [[]], unknown: new Set() };
      for (const expression of expressionsOf(tree, statement)) add(expression, around);
      for (const inner of blocksOf(tree, statement, true))
        await visit(inner.statements, { before: [[]], unknown: inner.unknown });
    }
  }
}

function callsWanted(tree: SyntaxTree, expression: SyntaxNode, isWanted: (name: string) => boolean): boolean {
  for (const node of descendants(expression)) {
    const callee = node.type === 'call' ? childIn(node, 'function') : undefined;
    if (callee === undefined) continue;
    const name = callee.type === 'attribute' ? childIn(callee, 'attribute') : callee;
    if (name?.type === 'identifier' && isWanted(textOf(tree, name))) return true;
  }
  return false;
}

/** The expressions that a statement is about. */
function expressionsOf(tree: SyntaxTree, statement: SyntaxNode): SyntaxNode[] {
  switch (statement.type) {
    case 'assert_statement':
      return namedChildren(statement).slice(0, 1).flatMap(operandsOf);
    case 'expression_statement': {
      const [expression] = namedChildren(statement);
      if (expression === undefined) return [];
      if (expression.type === 'assignment')
        return [childIn(expression, 'right')].filter((right) => right !== undefined);
      const callee = expression.type === 'call' ? childIn(expression, 'function') : undefined;
      const list = childIn(expression, 'arguments');
      if (callee !== undefined && list !== undefined && asserting.test(textOf(tree, callee)))
        return namedChildren(list).slice(0, 2).flatMap(operandsOf);
      return operandsOf(expression);
    }
    default:
      return [];
  }
}

/** Of a comparison its sides, else the expression itself. */
function operandsOf(expression: SyntaxNode): SyntaxNode[] {
  if (expression.type === 'comparison_operator') return namedChildren(expression);
  if (expression.type === 'parenthesized_expression' || expression.type === 'not_operator')
    return namedChildren(expression).flatMap(operandsOf);
  return [expression];
}

interface Block {
  readonly statements: readonly SyntaxNode[];
  /** Names that hold what is not known: parameters, loop variables. */
  readonly unknown: ReadonlySet<string>;
  /** A function of a module: nothing before it is of its own scope. */
  readonly isApart: boolean;
}

/** The blocks below a statement. */
function blocksOf(tree: SyntaxTree, statement: SyntaxNode, isTop: boolean): Block[] {
  const definition = undecorated(statement);
  const body = childIn(definition, 'body');
  if (definition.type === 'class_definition' && body !== undefined)
    return namedChildren(body).flatMap((inner) => blocksOf(tree, inner, isTop));
  if (definition.type === 'function_definition') {
    const parameters = childIn(definition, 'parameters');
    const names = parameters === undefined ? [] : namedChildren(parameters);
    const unknown = new Set(names.flatMap((node) => targetNames(tree, childIn(node, 'name') ?? node)));
    return body === undefined ? [] : [{ statements: namedChildren(body), unknown, isApart: isTop }];
  }
  if (isImport(statement) || statement.type === 'expression_statement') return [];
  const left = childIn(statement, 'left');
  const unknown = new Set(left === undefined ? [] : targetNames(tree, left));
  return blocksBelow(statement).map((block) => ({
    statements: namedChildren(block),
    unknown,
    isApart: false,
  }));
}

function blocksBelow(node: SyntaxNode): SyntaxNode[] {
  return node.children.flatMap((child) =>
    child.type === 'block' ? [child] : child.type.endsWith('_clause') ? blocksBelow(child) : [],
  );
}
