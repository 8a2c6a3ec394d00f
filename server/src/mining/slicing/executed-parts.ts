import { createPacer } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { importedNames } from '../syntax/bound-names.ts';
import { childIn, lineAt, namedChildren, type SyntaxNode, textOf, undecorated } from '../syntax/syntax.ts';
import { editedText, removal, type TextEdit } from '../syntax/text-edits.ts';
import { methodsOf, withoutMethods } from './class-parts.ts';
import { isImport, type Module, readModule, type Statement } from './module.ts';

/**
 * What of a program some calls of its entry need, by the numbers of its statements and methods: the same in every text of the program
 * that differs in its prose alone.
 */
export interface NeededParts {
  readonly statements: ReadonlySet<number>;
  /** Methods that none of the calls executes, of each statement. */
  readonly idleMethods: ReadonlyMap<number, ReadonlySet<number>>;
}

/** By what it is told which parts are needed. */
export interface Evidence {
  /** Lines that are executed, from the program's first on. */
  readonly executed: ReadonlySet<number>;
  readonly keeping: Keeping;
}

/**
 * Which methods are kept that nothing executes: none; those without which a class with an abstract base from outside makes no objects;
 * also those that an attribute in executed code names (`self.find = items.index`).
 */
export const keepings = ['none', 'abstract', 'named'] as const;
type Keeping = (typeof keepings)[number];

/** What the abstract classes of `collections.abc` ask of their subclasses. */
const abstractMethods = new Set(
  '__call__ __contains__ __delitem__ __getitem__ __hash__ __iter__ __len__ __next__ __setitem__ add discard insert send throw'.split(
    ' ',
  ),
);

/**
 * Tells which parts of a program its entry needs where these lines of it are executed, those before the call among them: a method that
 * is neither executed nor given another name in a class's body is idle; a statement is needed if the entry leads to it, idle methods
 * aside. Whether the program is still the same without the rest is to be tried.
 */
export async function neededParts(
  program: string,
  entry: string,
  { executed, keeping }: Evidence,
  signal: AbortSignal,
): Promise<NeededParts> {
  const module = await moduleOf(program, signal);
  const { names, attributes } = executedWords(module, executed);
  const idleMethods = new Map<number, ReadonlySet<number>>();
  const idleNodes = new Map<Statement, readonly SyntaxNode[]>();
  for (const [index, statement] of module.statements.entries()) {
    const methods = allMethods(module, statement);
    const isOutside = keeping !== 'none' && hasOutsideBase(module, statement);
    const isAsked = (name: string) =>
      names.has(name) ||
      (isOutside && abstractMethods.has(name)) ||
      (keeping === 'named' && attributes.has(name));
    const idle = methods.flatMap(({ name, node }, number) =>
      isExecuted(module, node, executed) || isAsked(name) ? [] : [number],
    );
    idleMethods.set(index, new Set(idle));
    idleNodes.set(
      statement,
      idle.flatMap((number) => methods[number]?.node ?? []),
    );
  }
  const statements = reached(module, entry, idleNodes);
  return { statements, idleMethods };
}

/** The program without what is not needed; the program itself where its statements are not those that were told of. */
export async function withoutIdleParts(
  program: string,
  { statements, idleMethods }: NeededParts,
  signal: AbortSignal,
): Promise<string> {
  const module = await moduleOf(program, signal);
  if (module.statements.length !== idleMethods.size) return program;
  const { tree } = module;
  const edits: TextEdit[] = [];
  const used = new Set<string>();
  let last = afterImports(module);
  for (const [index, statement] of module.statements.entries()) {
    const { end } = statement.node;
    if (!statements.has(index)) {
      // With the comments and blank lines above it, but not with the imports.
      edits.push({ start: last, end, text: '' });
    } else {
      const idle = idleMethods.get(index) ?? new Set();
      const methods = allMethods(module, statement).filter((_, number) => idle.has(number));
      const nodes = new Set(methods.map(({ node }) => node));
      edits.push(...withoutMethods(tree, statement, nodes));
      for (const name of namesIn(module, statement, [...nodes])) used.add(name);
    }
    last = Math.max(last, end);
  }
  for (const node of tree.root.children.filter(isImport)) {
    const names = importedNames(tree, node);
    const isIdle = node.type !== 'future_import_statement' && names.every(({ local }) => !used.has(local));
    if (isIdle) edits.push(removal(tree.text, node));
  }
  return editedText(tree.text, { start: 0, end: tree.text.length }, edits).replace(/^\n+/, '');
}

function moduleOf(program: string, signal: AbortSignal): Promise<Module> {
  return readModule('', '', parsePython(program), createPacer(signal));
}

/** Offset after the imports at the top. */
function afterImports({ tree: { root } }: Module): number {
  return root.children.findLast(isImport)?.end ?? 0;
}

/** The methods of a class that only what is to be seen calls, in order. */
function allMethods({ tree }: Module, statement: Statement): { name: string; node: SyntaxNode }[] {
  return [...methodsOf(tree, statement)]
    .flatMap(([name, nodes]) => nodes.map((node) => ({ name, node })))
    .filter(({ node }) => undecorated(node).type === 'function_definition')
    .sort((a, b) => a.node.start - b.node.start);
}

/** Whether a class has a base that the program does not define. */
function hasOutsideBase({ tree, definitions }: Module, { node }: Statement): boolean {
  const bases = childIn(undecorated(node), 'superclasses');
  return (bases === undefined ? [] : namedChildren(bases)).some(
    (base) => base.type !== 'keyword_argument' && !definitions.has(textOf(tree, base)),
  );
}

/** Whether a line of a function's body is executed. */
function isExecuted({ tree }: Module, node: SyntaxNode, executed: ReadonlySet<number>): boolean {
  const body = childIn(undecorated(node), 'body');
  if (body === undefined) return true;
  const end = lineAt(tree.text, body.end);
  for (let line = lineAt(tree.text, body.start); line <= end; line += 1) if (executed.has(line)) return true;
  return false;
}

/**
 * Words of what is executed: names outside of functions, for class bodies give methods others and fail without those that they name;
 * attributes inside of functions.
 */
function executedWords({ tree }: Module, executed: ReadonlySet<number>) {
  const names = new Set<string>();
  const attributes = new Set<string>();
  const visit = (node: SyntaxNode, isRun: boolean, isInFunction: boolean) => {
    const isBlock = node.type === 'block' || node.type === 'module';
    for (const child of node.children) {
      const runs = executed.has(lineAt(tree.text, child.start)) || (isRun && !isBlock);
      const isDefined = child.field === 'name' && node.type.endsWith('_definition');
      if (child.type === 'identifier' && runs && !isDefined) {
        if (!isInFunction) names.add(textOf(tree, child));
        else if (child.field === 'attribute') attributes.add(textOf(tree, child));
      }
      visit(child, runs, isInFunction || ['function_definition', 'lambda'].includes(child.type));
    }
  };
  visit(tree.root, false, false);
  return { names, attributes };
}

/** The names that a statement uses outside of some of its methods. */
function namesIn(
  { postponesHints }: Module,
  statement: Statement,
  without: readonly SyntaxNode[],
): Set<string> {
  const isOutside = (node: SyntaxNode) =>
    !without.some(({ start, end }) => start <= node.start && node.end <= end);
  const uses = statement.free.uses.filter(
    ({ node, when }) => isOutside(node) && !(when === 'hint' && postponesHints),
  );
  return new Set(uses.map(({ name }) => name));
}

/** The numbers of the statements that the entry leads to, and of those that change what they hold. */
function reached(
  module: Module,
  entry: string,
  idle: ReadonlyMap<Statement, readonly SyntaxNode[]>,
): Set<number> {
  const needed = new Set<Statement>();
  const names = [entry];
  const seen = new Set<string>();
  const values = new Set<string>();
  const definitions = new Set<string>();
  for (;;) {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const statement of module.definitions.get(name) ?? []) add(statement);
    }
    const change = module.statements.find(
      (statement) =>
        !needed.has(statement) &&
        ([...statement.touches].some((name) => values.has(name)) ||
          [...statement.changes].some((name) => definitions.has(name))),
    );
    if (change === undefined) break;
    add(change);
  }
  return new Set(module.statements.flatMap((statement, index) => (needed.has(statement) ? [index] : [])));

  function add(statement: Statement): void {
    if (needed.has(statement)) return;
    needed.add(statement);
    for (const name of statement.binds) {
      if (!statement.isDefinition || statement.isShared) values.add(name);
      if (statement.isDefinition) definitions.add(name);
    }
    names.push(...statement.binds, ...namesIn(module, statement, idle.get(statement) ?? []));
  }
}
