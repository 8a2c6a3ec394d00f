import type { Module } from './slicing/module.ts';
import { resolve } from './slicing/resolve.ts';
import { isPureUse, isStandardModule } from './slicing/standard-library.ts';
import { importedNames } from './syntax/bound-names.ts';
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

/**
 * What a unit itself reads or changes of the outside, as far as its own code says so; undefined where it does nothing of that kind.
 * What its helpers do is not asked.
 */
export async function ownEffect(
  module: Module,
  { node }: Unit,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const isIn = ({ start, end }: SyntaxNode) => node.start <= start && end <= node.end;
  for (const { free } of module.statements.filter(
    (statement) => isIn(statement.node) || covers(statement.node, node),
  )) {
    for (const use of free.uses.filter((each) => each.when === 'later' && isIn(each.node))) {
      const found = await resolve(module, use, workspace, signal);
      if (found.type === 'effect') return found.detail;
    }
    for (const each of free.innerImports.filter(isIn)) {
      for (const { module: name, name: taken, loads } of importedNames(module.tree, each)) {
        const path = taken === null ? loads : `${name}.${taken}`;
        if (isStandardModule(name) && !isPureUse(path)) return path;
      }
    }
  }
  return undefined;
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
