import { importedNames } from '../syntax/bound-names.ts';
import {
  childIn,
  descendants,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
} from '../syntax/syntax.ts';
import { lineStart, type TextEdit } from '../syntax/text-edits.ts';
import type { Module, Statement } from './module.ts';
import type { Effect } from './slice.ts';
import { isPackage, isPureUse, isStandardModule, type Packages } from './standard-library.ts';

/** What an import inside a function takes that is neither pure of the standard library nor of a package; undefined where there is nothing of that kind. */
export function impureImport(module: Module, node: SyntaxNode, packages: Packages): Effect | undefined {
  if (node.type === 'future_import_statement') return undefined;
  const from = childIn(node, 'module_name');
  if (from !== undefined && node.children.some(({ type }) => type === 'wildcard_import')) {
    return { loss: 'unknown-name', detail: textOf(module.tree, node) };
  }
  for (const { module: name, name: taken, loads } of importedNames(module.tree, node)) {
    const path = taken === null ? loads : `${name}.${taken}`;
    if (isPackage(name, packages) && !isStandardModule(name)) continue;
    if (!isStandardModule(name)) return { loss: 'third-party-import', detail: path };
    if (!isPureUse(path)) return { loss: 'does-io', detail: path };
  }
  return undefined;
}

/** Whether something besides an import may bind a name of a statement's functions: without the import it would be a local all the same. */
export function isBoundElsewhere(
  { tree }: Module,
  { node }: Statement,
  without: SyntaxNode,
  name: string,
): boolean {
  const text = tree.text.slice(node.start, without.start) + tree.text.slice(without.end, node.end);
  return new RegExp(
    `(?<![\\w.])${name}\\s*(:[^=\\n]+)?([-+*/%&|^@]|//|\\*\\*)?=(?!=)|\\b(as|def|class|del|import|global)\\s+${name}\\b|\\bfor\\b[^:\\n]*\\b${name}\\b[^:\\n]*\\bin\\b|\\b${name}\\s*:=|,\\s*${name}\\s*=(?!=)`,
  ).test(text);
}

/** The edit that puts assignments in the place of an import statement; with none, the statement is left out. */
export function withoutImport(
  tree: SyntaxTree,
  statement: SyntaxNode,
  node: SyntaxNode,
  assignments: readonly string[],
): TextEdit {
  const { text } = tree;
  const { start, end } = node;
  if (assignments.length > 0) return { start, end, text: assignments.join('; ') };
  const block = [...descendants(statement)].find(
    (each) => each.type === 'block' && namedChildren(each).some((child) => child === node),
  );
  const siblings = block === undefined ? [] : namedChildren(block).filter(({ type }) => type !== 'comment');
  const next = siblings[siblings.indexOf(node) + 1];
  if (siblings.length < 2) return { start, end, text: 'pass' };
  if (next !== undefined) return { start, end: next.start, text: '' };
  return { start: lineStart(text, start), end, text: '' };
}
