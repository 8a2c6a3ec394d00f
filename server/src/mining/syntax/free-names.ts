import { boundNames, captureNodes, isComprehension, targetIdentifiers, targetNames } from './bound-names.ts';
import { childIn, namedChildren, type SyntaxNode, type SyntaxTree, textOf } from './syntax.ts';

/** A use of a name that no scope below the module binds. */
export interface NameUse {
  readonly name: string;
  /** The name with the attributes taken of it: `os.path.join`; of `hasattr(sys, 'maxint')`, `sys.maxint`. */
  readonly path: string;
  /** The identifier, and the whole attribute expression. */
  readonly node: SyntaxNode;
  readonly pathNode: SyntaxNode;
  /** `now`: when the module's statement runs; `later`: when a function is called; `hint`: in an annotation. */
  readonly when: 'now' | 'later' | 'hint';
}

/** What a piece of code takes from the module around it. */
export interface FreeNames {
  readonly uses: NameUse[];
  /** Names bound in scopes below the module's own: a name put in their place must not be among them. */
  readonly inner: Set<string>;
  /** Import statements inside the statement: in functions, classes, `try`. */
  readonly innerImports: SyntaxNode[];
  /** Names that functions bind in the module by `global`. */
  readonly globals: Set<string>;
}

/** A scope below the module's own. */
export interface Scope {
  readonly kind: 'function' | 'class';
  readonly bound: ReadonlySet<string>;
  readonly global: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

interface Walk {
  readonly tree: SyntaxTree;
  readonly free: FreeNames;
  /** Told of each identifier that names something bound below the module, with the scope that binds it. */
  readonly onBound: (node: SyntaxNode, scope: Scope) => void;
}

type When = NameUse['when'];

/** Finds the free names of a top-level statement by Python's rules of scope. */
export function freeNames(
  tree: SyntaxTree,
  statement: SyntaxNode,
  onBound: Walk['onBound'] = () => undefined,
): FreeNames {
  const free: FreeNames = { uses: [], inner: new Set(), innerImports: [], globals: new Set() };
  visit({ tree, free, onBound }, statement, undefined, 'now');
  return free;
}

function visit(walk: Walk, node: SyntaxNode, scope: Scope | undefined, when: When): void {
  const { tree, free } = walk;
  const children = () => {
    for (const child of node.children) if (child.named) visit(walk, child, scope, when);
  };
  switch (node.type) {
    case 'identifier':
      use(walk, node, node, scope, when);
      return;
    case 'attribute': {
      const base = attributeBase(node);
      if (base.type === 'identifier') use(walk, base, node, scope, when);
      else visit(walk, base, scope, when);
      return;
    }
    case 'call': {
      const asked = askedAttribute(tree, node);
      const parts =
        asked === undefined ? node.children : [...node.children.slice(0, 1), ...asked.list.children];
      for (const part of parts) {
        if (part === asked?.object) use(walk, part, part, scope, when, `.${asked.name}`);
        else if (part.named) visit(walk, part, scope, when);
      }
      return;
    }
    case 'function_definition':
      visitFunction(walk, node, scope, when);
      return;
    case 'lambda':
      visitLambda(walk, node, scope, when);
      return;
    case 'class_definition':
      visitClass(walk, node, scope, when);
      return;
    case 'type':
      // Local variables' annotations are never evaluated, others are hints all the same.
      for (const child of namedChildren(node)) visit(walk, child, scope, 'hint');
      return;
    case 'member_type': {
      const [base] = namedChildren(node);
      if (base !== undefined) visit(walk, base, scope, when);
      return;
    }
    case 'keyword_argument': {
      const value = childIn(node, 'value');
      if (value !== undefined) visit(walk, value, scope, when);
      return;
    }
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
      free.innerImports.push(node);
      for (const name of localIdentifiers(node)) bind(walk, name, scope);
      return;
    case 'global_statement':
      for (const child of namedChildren(node)) free.globals.add(textOf(tree, child));
      children();
      return;
    case 'nonlocal_statement':
      children();
      return;
    case 'comment':
      return;
    case 'case_pattern':
      visitPattern(walk, node, scope, when);
      return;
    default:
      if (isComprehension(node)) visitComprehension(walk, node, scope, when);
      else children();
  }
}

/** What `hasattr(sys, 'maxint')` and `getattr(sys, 'maxint', 0)` ask of which object, where both stand there by name. */
function askedAttribute(tree: SyntaxTree, call: SyntaxNode) {
  const callee = childIn(call, 'function');
  const list = childIn(call, 'arguments');
  if (callee?.type !== 'identifier' || list?.type !== 'argument_list') return undefined;
  if (!['hasattr', 'getattr'].includes(textOf(tree, callee))) return undefined;
  const [object, attribute] = namedChildren(list);
  const name = attribute && /^(['"])(\w+)\1$/.exec(textOf(tree, attribute))?.[2];
  return object?.type === 'identifier' && name !== undefined ? { list, object, name } : undefined;
}

function attributeBase(node: SyntaxNode): SyntaxNode {
  let base = node;
  while (base.type === 'attribute') base = childIn(base, 'object') ?? base.children[0] ?? base;
  return base;
}

function use(
  walk: Walk,
  node: SyntaxNode,
  pathNode: SyntaxNode,
  scope: Scope | undefined,
  when: When,
  more = '',
): void {
  const name = textOf(walk.tree, node);
  const binder = bindingScope(name, scope);
  if (binder !== undefined) {
    walk.onBound(node, binder);
    return;
  }
  // White space and comments can stand between the parts of a path.
  const path = textOf(walk.tree, pathNode).replaceAll(/\s|\\|#.*/g, '');
  walk.free.uses.push({ name, path: `${path}${more}`, node, pathNode, when });
}

/** Tells of a name that is bound where it stands: a definition's name, a capture, an imported name. */
function bind(walk: Walk, node: SyntaxNode, scope: Scope | undefined): void {
  const binder = bindingScope(textOf(walk.tree, node), scope);
  if (binder !== undefined) walk.onBound(node, binder);
}

function bindingScope(name: string, innermost: Scope | undefined): Scope | undefined {
  for (let scope = innermost; scope !== undefined; scope = scope.outer) {
    // A class's names are seen from its own body, not from the functions in it.
    if (scope.kind === 'class' && scope !== innermost) continue;
    if (scope.global.has(name)) return undefined;
    if (scope.bound.has(name)) return scope;
  }
  return undefined;
}

function enter(
  walk: Walk,
  kind: Scope['kind'],
  names: Iterable<string>,
  body: readonly SyntaxNode[],
  outer: Scope | undefined,
): Scope {
  const { bound, global } = boundNames(walk.tree, body);
  for (const name of names) bound.add(name);
  for (const name of bound) walk.free.inner.add(name);
  return { kind, bound, global, outer };
}

function visitFunction(walk: Walk, node: SyntaxNode, scope: Scope | undefined, when: When): void {
  bindName(walk, node, scope);
  const typeNames = typeParameters(walk, node);
  const around = typeNames.length === 0 ? scope : enter(walk, 'function', typeNames, [], scope);
  const parameters = childIn(node, 'parameters');
  const names = visitParameters(walk, parameters, around, when);
  const returns = childIn(node, 'return_type');
  if (returns !== undefined) visit(walk, returns, around, 'hint');
  const body = childIn(node, 'body');
  if (body === undefined) return;
  const inside = enter(
    walk,
    'function',
    names.map((name) => textOf(walk.tree, name)),
    body.children,
    around,
  );
  for (const name of names) walk.onBound(name, inside);
  for (const child of body.children) if (child.named) visit(walk, child, inside, 'later');
}

function bindName(walk: Walk, definition: SyntaxNode, scope: Scope | undefined): void {
  const name = childIn(definition, 'name');
  if (name !== undefined) bind(walk, name, scope);
}

function visitLambda(walk: Walk, node: SyntaxNode, scope: Scope | undefined, when: When): void {
  const names = visitParameters(walk, childIn(node, 'parameters'), scope, when);
  const body = childIn(node, 'body');
  if (body === undefined) return;
  const inside = enter(
    walk,
    'function',
    names.map((name) => textOf(walk.tree, name)),
    [body],
    scope,
  );
  for (const name of names) walk.onBound(name, inside);
  visit(walk, body, inside, 'later');
}

/** Visits defaults and annotations, which belong to the scope around, and gives the parameters' identifiers. */
function visitParameters(
  walk: Walk,
  parameters: SyntaxNode | undefined,
  scope: Scope | undefined,
  when: When,
): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  for (const parameter of parameters === undefined ? [] : namedChildren(parameters)) {
    const value = childIn(parameter, 'value');
    const hint = childIn(parameter, 'type');
    if (value !== undefined) visit(walk, value, scope, when);
    if (hint !== undefined) visit(walk, hint, scope, 'hint');
    const named =
      childIn(parameter, 'name') ?? (hint === undefined ? parameter : namedChildren(parameter)[0]);
    if (named !== undefined) names.push(...targetIdentifiers(named));
  }
  return names;
}

function visitClass(walk: Walk, node: SyntaxNode, scope: Scope | undefined, when: When): void {
  bindName(walk, node, scope);
  const typeNames = typeParameters(walk, node);
  const around = typeNames.length === 0 ? scope : enter(walk, 'function', typeNames, [], scope);
  const bases = childIn(node, 'superclasses');
  if (bases !== undefined) visit(walk, bases, around, when);
  const body = childIn(node, 'body');
  if (body === undefined) return;
  const inside = enter(walk, 'class', [], body.children, around);
  for (const child of body.children) if (child.named) visit(walk, child, inside, when);
}

function typeParameters(walk: Walk, node: SyntaxNode): string[] {
  const parameters = childIn(node, 'type_parameters');
  return parameters === undefined ? [] : targetNames(walk.tree, parameters);
}

function visitComprehension(walk: Walk, node: SyntaxNode, scope: Scope | undefined, when: When): void {
  const clauses = node.children.filter(({ type }) => type === 'for_in_clause');
  const names = clauses.flatMap((clause) => {
    const left = childIn(clause, 'left');
    return left === undefined ? [] : targetNames(walk.tree, left);
  });
  const inside = enter(walk, 'function', names, [], scope);
  for (const child of node.children) {
    if (!child.named) continue;
    if (child !== clauses[0]) {
      visit(walk, child, inside, when);
      continue;
    }
    // The first iterable is evaluated in the scope around.
    for (const part of child.children) {
      if (part.named) visit(walk, part, part.field === 'left' ? inside : scope, when);
    }
  }
}

/** Names in a pattern are captures, but for dotted ones and those of classes. */
function visitPattern(walk: Walk, pattern: SyntaxNode, scope: Scope | undefined, when: When): void {
  const captured = new Set(captureNodes(walk.tree, pattern));
  for (const node of captured)
    bind(walk, node.type === 'dotted_name' ? (node.children[0] ?? node) : node, scope);
  const visitNames = (node: SyntaxNode): void => {
    if (node.type === 'dotted_name') {
      const [base] = namedChildren(node);
      const isName = !captured.has(node) && textOf(walk.tree, node) !== '_';
      if (base !== undefined && isName) use(walk, base, node, scope, when);
      return;
    }
    for (const child of node.children) if (child.named) visitNames(child);
  };
  visitNames(pattern);
}

/** The identifiers that an import statement binds, where they stand alone: not the `os` of `import os.path`. */
function localIdentifiers(node: SyntaxNode): SyntaxNode[] {
  return node.children
    .filter(({ field }) => field === 'name')
    .flatMap((child) => {
      const local = childIn(child, 'alias') ?? child;
      const [first, second] = local.type === 'identifier' ? [local] : namedChildren(local);
      return first !== undefined && second === undefined ? [first] : [];
    });
}
