import { methodsOf } from './slicing/class-parts.ts';
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

/** Functions, values and methods that are followed from a unit, to see whether it does input or output. */
const maxFollowed = 300;

/** What runs when an object is made. */
const making = ['__new__', '__init__', '__post_init__'];

/** Code that is followed: a statement at the top of a module, or a part of one. */
interface Code {
  readonly module: Module;
  readonly statement: Statement;
  readonly node: SyntaxNode;
}

/**
 * What a unit reads or changes of the outside, as far as its own code and that of the functions, values and methods that it names
 * say so (`parse` of `Locale.parse(…)`, what makes a `Locale(…)`, `self.parse` in a method beside it); undefined where they do
 * nothing of that kind. Methods of other objects are not asked.
 */
export async function effectOf(
  module: Module,
  { node }: Unit,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const waiting: Code[] = module.statements.flatMap((statement) => {
    if (covers(node, statement.node)) return [{ module, statement, node: statement.node }];
    return covers(statement.node, node) ? [{ module, statement, node }] : [];
  });
  const followed = new Set(waiting.map((each) => each.node));
  const follow = (code: Code) => {
    if (followed.has(code.node) || followed.size > maxFollowed) return;
    followed.add(code.node);
    waiting.push(code);
  };
  for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
    const { statement, node: asked } = code;
    const from = code.module;
    for (const use of statement.free.uses.filter(
      ({ when, node: its }) => when !== 'hint' && covers(asked, its),
    )) {
      const found = await resolve(from, use, workspace, signal);
      if (found.type === 'effect') return found.detail;
      if (found.type !== 'statements') continue;
      for (const next of found.statements) {
        if (!isClass(next)) follow({ module: found.module, statement: next, node: next.node });
        else methodsNamed(found.module, next, namedOf(from.tree, use.node)).forEach(follow);
      }
    }
    if (isClass(statement)) {
      const names = [...textOf(from.tree, asked).matchAll(/\b(?:self|cls)\.(\w+)/g)].map(
        ([, name = '']) => name,
      );
      methodsNamed(from, statement, names).forEach(follow);
    }
    for (const each of statement.free.innerImports.filter((its) => covers(asked, its))) {
      const effect = impureImport(from, each, workspace.packages);
      if (effect?.loss === 'does-io') return effect.detail;
    }
  }
  return undefined;
}

function isClass({ node }: Statement): boolean {
  return undecorated(node).type === 'class_definition';
}

/** The methods that a class's name asks for where it stands: `parse` of `Locale.parse`, what makes an object of `Locale(…)`. */
function namedOf({ text }: SyntaxTree, { end }: SyntaxNode): readonly string[] {
  const [, name] = /^\s*\.\s*(\w+)/.exec(text.slice(end, end + 100)) ?? [];
  if (name !== undefined) return [name];
  return /^\s*\(/.test(text.slice(end, end + 100)) ? making : [];
}

function methodsNamed(module: Module, statement: Statement, names: readonly string[]): Code[] {
  const methods = names.length === 0 ? undefined : methodsOf(module.tree, statement);
  return names.flatMap((name) => (methods?.get(name) ?? []).map((node) => ({ module, statement, node })));
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
