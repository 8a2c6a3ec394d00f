import { impureImport } from './slicing/inner-imports.ts';
import type { Module, Statement } from './slicing/module.ts';
import { resolve } from './slicing/resolve.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from './syntax/syntax.ts';
import { isGenerator, type Unit } from './units.ts';
import type { Workspace } from './workspace.ts';
import { specialForm } from './wrappers/special-method.ts';

/** Why a unit cannot be asked anything about, however well it is mined. */
export type Ineligible = 'no-parameter' | 'is-async' | 'dunder' | 'no-result' | 'abstract';

/**
 * Whether a unit takes an argument besides `self` and returns, yields or changes something: what yields are counted of. Input and
 * output is for slicing to find.
 */
export function isEligible(tree: SyntaxTree, unit: Unit): true | Ineligible {
  const definition = undecorated(unit.node);
  const body = childIn(definition, 'body');
  if (definition.children.some(({ type }) => type === 'async')) return 'is-async';
  const isMethod = unit.symbol.includes('.');
  const isStatic =
    unit.node !== definition && /@staticmethod\b/.test(tree.text.slice(unit.node.start, definition.start));
  const count = unit.parameters.positional.length - (isMethod && !isStatic ? 1 : 0);
  if (count <= 0 && unit.parameters.variadic === null) return 'no-parameter';
  const name = unit.symbol.slice(unit.symbol.lastIndexOf('.') + 1);
  if (/^__\w+__$/.test(name) && specialForm(name) === undefined) return 'dunder';
  if (body === undefined) return 'no-result';
  const statements = namedChildren(body);
  const [last] = statements.slice(-1);
  if (
    statements.length <= 2 &&
    last !== undefined &&
    /^(pass|\.\.\.|raise NotImplementedError\b.*)$/.test(textOf(tree, last))
  )
    return 'abstract';
  const returns = [...descendants(body)].some(
    (node) => node.type === 'return_statement' && namedChildren(node).length > 0,
  );
  return returns ||
    isGenerator(definition) ||
    changedParameter(tree, unit) !== undefined ||
    changesSelf(tree, unit)
    ? true
    : 'no-result';
}

/** Statements that are followed from a unit, to see whether it does input or output. */
const maxFollowed = 300;

/**
 * What a unit reads or changes of the outside, as far as its own code and that of the functions and values that it names say so;
 * undefined where they do nothing of that kind. Methods of the classes that it names are not asked.
 */
export async function effectOf(
  module: Module,
  { node }: Unit,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const isOf = (each: SyntaxNode) => node.start <= each.start && each.end <= node.end;
  const own = module.statements.filter((statement) => isOf(statement.node) || covers(statement.node, node));
  const followed = new Set<Statement>(own);
  for (const statement of own) {
    const effect = await effectWithin(module, statement, isOf);
    if (effect !== undefined) return effect;
  }
  return undefined;

  async function effectWithin(
    from: Module,
    statement: Statement,
    isAsked: (node: SyntaxNode) => boolean,
  ): Promise<string | undefined> {
    for (const use of statement.free.uses.filter(({ when, node: its }) => when !== 'hint' && isAsked(its))) {
      const found = await resolve(from, use, workspace, signal);
      if (found.type === 'effect') return found.detail;
      if (found.type !== 'statements') continue;
      for (const next of found.statements) {
        const isClass = undecorated(next.node).type === 'class_definition';
        if (isClass || followed.has(next) || followed.size > maxFollowed) continue;
        followed.add(next);
        const effect = await effectWithin(found.module, next, () => true);
        if (effect !== undefined) return effect;
      }
    }
    for (const each of statement.free.innerImports.filter(isAsked)) {
      const effect = impureImport(from, each, workspace.packages);
      if (effect?.loss === 'does-io') return effect.detail;
    }
    return undefined;
  }
}

function covers(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether a method sets or changes something of its object. */
function changesSelf(tree: SyntaxTree, { node, symbol }: Unit): boolean {
  if (!symbol.includes('.')) return false;
  const text = textOf(tree, node);
  return (
    /\bself(\.\w+)*(\[[^\]]*\])?\s*([-+*/|&^%]|\/\/|\*\*)?=[^=]/.test(text) ||
    new RegExp(`\\bself(\\.\\w+)*${changing.source}`).test(text)
  );
}

/** Methods by which values are changed in place. */
const changing =
  /\.(append|extend|insert|remove|pop|clear|sort|reverse|add|discard|update|setdefault|popitem|appendleft)\(/;

/** The parameter, not `self`, that a unit changes in place; undefined where it changes none. */
export function changedParameter(tree: SyntaxTree, { node, parameters }: Unit): string | undefined {
  const text = textOf(tree, node);
  return parameters.positional.find(({ name }) => {
    if (name === 'self' || name === 'cls') return false;
    const word = new RegExp(`\\b${name}(${changing.source}|\\[[^\\]]*\\]\\s*[-+*/]?=[^=])|\\bdel ${name}\\[`);
    return word.test(text);
  })?.name;
}
