import { type Parameters, parametersOf } from './entry-signature.ts';
import type { Module, Statement } from './slicing/module.ts';
import {
  childIn,
  descendants,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from './syntax/syntax.ts';
import { specialForm } from './wrappers/special-method.ts';

/** A function or method of a module. */
export interface Unit {
  /** Qualified name within the file. */
  readonly symbol: string;
  /** With its decorators. */
  readonly node: SyntaxNode;
  readonly parameters: Parameters;
  /** The top-level statement that it is; null where it stands inside of another one. */
  readonly statement: Statement | null;
  /** Why it makes no program, where that shows without looking further. */
  readonly loss: 'is-special' | 'is-async' | 'is-conditional' | 'no-parameter' | 'name-clash' | null;
}

/** The units of a module: functions and methods, but not functions inside functions. */
export function unitsOf(module: Module): Unit[] {
  const units: Unit[] = [];
  for (const statement of module.statements) collect(module.tree, statement.node, '', statement, units);
  // Of several definitions under one name the last one is what others get.
  const last = new Map(units.map((unit) => [unit.symbol, unit]));
  return units
    .filter((unit) => last.get(unit.symbol) === unit)
    .map((unit) => (isRebound(module, unit) ? { ...unit, loss: 'name-clash' } : unit));
}

/** Whether the name of a function at the top is given to something else behind it: `f = cached(f)`. */
function isRebound({ definitions }: Module, { symbol, statement, loss }: Unit): boolean {
  if (statement === null || loss !== null) return false;
  return definitions.get(symbol)?.at(-1) !== statement;
}

/** The definition at the top of the module that a unit is or belongs to. */
export function topLevelSymbol(symbol: string): string {
  return symbol.split('.', 1)[0] ?? symbol;
}

function collect(
  tree: SyntaxTree,
  node: SyntaxNode,
  prefix: string,
  statement: Statement | null,
  units: Unit[],
): void {
  const definition = undecorated(node);
  const name = childIn(definition, 'name');
  if (definition.type === 'class_definition' && name !== undefined) {
    const body = childIn(definition, 'body')?.children ?? [];
    for (const child of body) collect(tree, child, `${prefix}${textOf(tree, name)}.`, null, units);
  } else if (definition.type === 'function_definition' && name !== undefined) {
    const parameters = parametersOf(tree, definition);
    const symbol = `${prefix}${textOf(tree, name)}`;
    const loss = lossOf(definition, parameters, {
      isMethod: prefix !== '',
      isSpecial: /^__\w+__$/.test(textOf(tree, name)) && specialForm(textOf(tree, name)) === undefined,
      isTopLevel: statement?.node === node,
    });
    units.push({ symbol, node, parameters, statement, loss });
  } else if (['if_statement', 'try_statement', 'with_statement'].includes(node.type)) {
    for (const inner of definitionsBelow(node)) collect(tree, inner, prefix, null, units);
  }
}

function lossOf(
  definition: SyntaxNode,
  parameters: Parameters,
  {
    isMethod,
    isSpecial,
    isTopLevel,
  }: { readonly isMethod: boolean; readonly isSpecial: boolean; readonly isTopLevel: boolean },
): Unit['loss'] {
  if (definition.children.some(({ type }) => type === 'async')) return 'is-async';
  // Asked through an object that is made first; what operators and the like call is not asked by its name.
  if (isMethod) return isSpecial ? 'is-special' : null;
  if (!isTopLevel) return 'is-conditional';
  return parameters.positional.length === 0 && parameters.variadic === null ? 'no-parameter' : null;
}

/** Definitions in the branches of a compound statement, but not those inside of other definitions. */
function definitionsBelow(node: SyntaxNode): SyntaxNode[] {
  return node.children.flatMap((child) => {
    if (['function_definition', 'class_definition', 'decorated_definition'].includes(child.type))
      return [child];
    return child.named ? definitionsBelow(child) : [];
  });
}

/** Whether a function gives its values one at a time: `yield` stands in its own body. */
export function isGenerator(definition: SyntaxNode): boolean {
  const body = childIn(definition, 'body');
  if (body === undefined) return false;
  const inner = new Set(
    [...descendants(body)].filter(({ type }) => ['function_definition', 'lambda'].includes(type)),
  );
  const within = (yields: SyntaxNode) =>
    [...inner].some(({ start, end }) => start <= yields.start && yields.end <= end);
  return [...descendants(body)].some((node) => node.type === 'yield' && !within(node));
}
