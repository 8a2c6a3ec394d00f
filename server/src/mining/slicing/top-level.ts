import { importedNames } from '../syntax/bound-names.ts';
import { childIn, namedChildren, type SyntaxNode, type SyntaxTree, textOf } from '../syntax/syntax.ts';
import { catchesImportError, suppressesImportError } from './import-guards.ts';
import { isPackage, isStandardModule, type Packages } from './standard-library.ts';

/**
 * The statements at the top of a module, with those in place of a choice that is made already: what a Python before 3 would
 * take, what an import of the own package or of the standard library would fall back to, and what needs a package that is not
 * among `packages`, is left out.
 */
export function topLevel(tree: SyntaxTree, packages: Packages): readonly SyntaxNode[] {
  return tree.root.children.flatMap((node) => chosen(tree, node, packages));
}

function chosen(tree: SyntaxTree, node: SyntaxNode, packages: Packages): readonly SyntaxNode[] {
  const statements =
    node.type === 'try_statement'
      ? chosenOfTry(tree, node, packages)
      : node.type === 'if_statement'
        ? chosenOfIf(tree, node)
        : node.type === 'with_statement'
          ? chosenOfWith(tree, node, packages)
          : undefined;
  return statements?.flatMap((each) => chosen(tree, each, packages)) ?? [node];
}

/** What a `try` around imports comes to; undefined where only running it would tell. */
function chosenOfTry(
  tree: SyntaxTree,
  node: SyntaxNode,
  packages: Packages,
): readonly SyntaxNode[] | undefined {
  const clauses = node.children.filter(({ type }) => type === 'except_clause');
  const afterwards = node.children.filter(({ type }) => type === 'else_clause' || type === 'finally_clause');
  const tried = statementsOf(childIn(node, 'body'));
  if (clauses.length === 0 || !tried.every((each) => isLine(tree, each))) return undefined;
  const imports = tried.filter(isImportStatement);
  if (imports.length === 0) return undefined;
  const handler = clauses.find((each) => catchesImportError(tree, each));
  const handled = (handler ?? clauses[0])?.children.find(({ type }) => type === 'block');
  const instead = statementsOf(handled).flatMap((each) => chosen(tree, each, packages));
  if (!imports.every((each) => isKnown(tree, each, packages))) {
    const isRight = handler !== undefined && !afterwards.some(({ type }) => type === 'finally_clause');
    return isRight && instead.every((each) => isLine(tree, each)) ? instead : undefined;
  }
  // Where both ways can be taken along, the interpreter is left to choose.
  const isNeeded =
    imports.some((each) => isOwn(tree, each)) ||
    imports.every((each) => isCertain(tree, each)) ||
    instead.some((each) => isImportStatement(each) && !isKnown(tree, each, packages));
  const after = afterwards.flatMap((clause) => statementsOf(childIn(clause, 'body') ?? blockOf(clause)));
  return isNeeded && after.every((each) => isLine(tree, each)) ? [...tried, ...after] : undefined;
}

function blockOf(clause: SyntaxNode): SyntaxNode | undefined {
  return clause.children.find(({ type }) => type === 'block');
}

function statementsOf(block: SyntaxNode | undefined): readonly SyntaxNode[] {
  return block === undefined ? [] : namedChildren(block).filter(({ type }) => type !== 'comment');
}

/** What `with suppress(ImportError):` comes to: nothing where it begins with an import of what we do not have. */
function chosenOfWith(
  tree: SyntaxTree,
  node: SyntaxNode,
  packages: Packages,
): readonly SyntaxNode[] | undefined {
  if (!suppressesImportError(tree, node)) return undefined;
  const [first] = statementsOf(childIn(node, 'body'));
  return first !== undefined && isImportStatement(first) && !isKnown(tree, first, packages) ? [] : undefined;
}

/** The branch of an `if` on the version of Python or on the system that a sandbox takes; undefined where the condition is another one. */
function chosenOfIf(tree: SyntaxTree, node: SyntaxNode): readonly SyntaxNode[] | undefined {
  const condition = childIn(node, 'condition');
  const isTrue = condition === undefined ? undefined : holdsHere(textOf(tree, condition));
  if (isTrue === undefined) return undefined;
  const alternative = node.children.find(({ type }) => type === 'else_clause');
  if (!isTrue && node.children.some(({ type }) => type === 'elif_clause')) return undefined;
  const block = isTrue ? childIn(node, 'consequence') : alternative && childIn(alternative, 'body');
  const statements = block === undefined ? [] : namedChildren(block);
  return statements.every((each) => isLine(tree, each) || each.type === 'try_statement')
    ? statements
    : undefined;
}

/** Whether a condition holds on every Python 3 that we run; undefined where it says something else. */
function holdsHere(condition: string): boolean | undefined {
  const text = condition.replace(/\s+/g, '').replace(/^\((.*)\)$/, '$1');
  // A sandbox is Linux's or WebAssembly's, whatever the machine is.
  const system =
    /^(?:sys\.)?platform(?:(==|!=)|\.startswith\()['"](?:win|win32|darwin|cygwin)['"]\)?$|^os\.name(==|!=)['"]nt['"]$|^platform\.system\(\)(==|!=)['"](?:Windows|Darwin)['"]$/.exec(
      text,
    );
  if (system !== null) return system.slice(1).includes('!=');
  if (/^(six\.|compat\.)?(PY3|IS_PY3|IS_PYTHON3)$/.test(text) || /^not(PY2|IS_PY2)$/.test(text)) return true;
  if (/^(six\.|compat\.)?(PY2|IS_PY2)$/.test(text) || /^not(PY3|IS_PY3)$/.test(text)) return false;
  const hex = /^(?:sys\.)?hexversion(<|>=|>)0x0(\d)/.exec(text);
  if (hex !== null && Number(hex[2]) <= 3) return hex[1] !== '<';
  const version =
    /^(?:sys\.)?version_info(?:\[0\]|\.major|\[:[12]\])?(<|>=|>|==|<=)\(?(\d)(?:,(\d+))?[,\d]*\)?$/.exec(
      text,
    );
  if (version === null) return undefined;
  const [, operator = '', major = '', minor = '0'] = version;
  // The oldest that the sandbox takes is 3.10.
  if (Number(major) < 3) return operator === '>=' || operator === '>';
  if (Number(major) > 3 || Number(minor) > 10) return undefined;
  if (operator === '==') return minor === '0' && version[3] === undefined ? true : undefined;
  return operator === '>=' || operator === '>';
}

function isImportStatement({ type }: SyntaxNode): boolean {
  return type === 'import_statement' || type === 'import_from_statement';
}

/** A statement that reads the same wherever it is put. */
function isLine(tree: SyntaxTree, node: SyntaxNode): boolean {
  return (
    isImportStatement(node) ||
    ((node.type === 'expression_statement' || node.type === 'pass_statement') &&
      !textOf(tree, node).includes('\n'))
  );
}

function isOwn(tree: SyntaxTree, node: SyntaxNode): boolean {
  return /^from\s+\./.test(textOf(tree, node));
}

/** Modules that every Python from 3.10 on has, with all names that older code asks them for. */
const certain =
  /^(collections\.abc|_thread|urllib\.parse|html|io|queue|reprlib|configparser|itertools|operator)$/;

/** Whether an import is sure to work on each Python that we run. */
function isCertain(tree: SyntaxTree, node: SyntaxNode): boolean {
  const imported = importedNames(tree, node);
  return node.type === 'import_statement'
    ? imported.every(({ module }) => certain.test(module))
    : imported.every(
        ({ module, name }) =>
          certain.test(module) && !/^(izip|imap|ifilter|pairwise|batched)/.test(name ?? ''),
      );
}

/** Whether an import may work here; of packages only running it would tell. */
function isKnown(tree: SyntaxTree, node: SyntaxNode, packages: Packages): boolean {
  const isHere = ({ module }: { readonly module: string }) =>
    isStandardModule(module) || isPackage(module, packages);
  return isOwn(tree, node) || importedNames(tree, node).every(isHere);
}
