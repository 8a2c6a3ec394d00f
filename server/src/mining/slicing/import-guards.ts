import { childIn, type SyntaxNode, type SyntaxTree, textOf } from '../syntax/syntax.ts';

/** Whether an `except` clause catches what an import raises of a module that is not there. */
export function catchesImportError(tree: SyntaxTree, clause: SyntaxNode): boolean {
  const block = clause.children.find(({ type }) => type === 'block');
  const head = tree.text.slice(clause.start, block?.start ?? clause.end).replace(/#.*/g, '');
  return /^except\s*:|\b(ImportError|ModuleNotFoundError|Exception|BaseException)\b/.test(head);
}

/** Whether a `with` statement is `with suppress(ImportError):`. */
export function suppressesImportError(tree: SyntaxTree, statement: SyntaxNode): boolean {
  const clause = statement.children.find(({ type }) => type === 'with_clause');
  return (
    clause !== undefined &&
    /^(contextlib\.)?suppress\((ImportError|ModuleNotFoundError)\)$/.test(textOf(tree, clause))
  );
}

/**
 * Whether an import inside of a statement at the top of a module may fail without the module failing, each time that the module
 * is imported: in a `try` that catches it, or under `with suppress(ImportError):`, but not in a function.
 */
export function isGuardedImport(tree: SyntaxTree, statement: SyntaxNode, node: SyntaxNode): boolean {
  let isGuarded = false;
  let around: SyntaxNode | undefined = statement;
  while (around !== undefined && around !== node) {
    const next: SyntaxNode | undefined = around.children.find(
      ({ start, end }) => start <= node.start && node.end <= end,
    );
    if (around.type === 'function_definition' || around.type === 'lambda') return false;
    if (next !== undefined && next === childIn(around, 'body')) {
      const catches = around.children.some(
        (each) => each.type === 'except_clause' && catchesImportError(tree, each),
      );
      if (around.type === 'try_statement' && catches) isGuarded = true;
      if (around.type === 'with_statement' && suppressesImportError(tree, around)) isGuarded = true;
    }
    around = next;
  }
  return isGuarded;
}
