import { childIn, namedChildren, type SyntaxNode, type SyntaxTree, textOf } from './syntax.ts';

/** Names that a scope binds, and names that it declares to belong to an outer one. */
export interface BoundNames {
  readonly bound: Set<string>;
  readonly global: Set<string>;
  readonly nonlocal: Set<string>;
}

/** Constructs with a scope of their own: their inside binds nothing outside, assignment expressions in comprehensions apart. */
const comprehensions = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

export function isComprehension(node: SyntaxNode): boolean {
  return comprehensions.has(node.type);
}

/** What the statements below `nodes` bind in the scope that they stand in. */
export function boundNames(tree: SyntaxTree, nodes: readonly SyntaxNode[]): BoundNames {
  const names: BoundNames = { bound: new Set(), global: new Set(), nonlocal: new Set() };
  for (const node of nodes) collect(tree, node, names, false);
  for (const declared of [...names.global, ...names.nonlocal]) names.bound.delete(declared);
  return names;
}

function collect(tree: SyntaxTree, node: SyntaxNode, names: BoundNames, inComprehension: boolean): void {
  const bind = (target: SyntaxNode | undefined) => {
    if (target !== undefined) for (const name of targetNames(tree, target)) names.bound.add(name);
  };
  switch (node.type) {
    case 'function_definition':
    case 'class_definition':
      bind(childIn(node, 'name'));
      // Decorators, defaults and bases stand outside of the new scope and can hold assignment expressions only.
      return;
    case 'lambda':
      return;
    case 'assignment':
    case 'augmented_assignment':
    case 'for_statement':
      bind(childIn(node, 'left'));
      break;
    case 'for_in_clause':
      if (!inComprehension) bind(childIn(node, 'left'));
      break;
    case 'named_expression':
      bind(childIn(node, 'name'));
      break;
    case 'as_pattern':
      bind(childIn(node, 'alias') ?? namedChildren(node).at(-1));
      break;
    case 'except_clause':
      bind(childIn(node, 'alias'));
      break;
    case 'delete_statement':
      for (const child of namedChildren(node)) bind(child);
      break;
    case 'type_alias_statement':
      bind(childIn(node, 'left'));
      break;
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
      for (const { local } of importedNames(tree, node)) names.bound.add(local);
      return;
    case 'global_statement':
      for (const child of namedChildren(node)) names.global.add(textOf(tree, child));
      return;
    case 'nonlocal_statement':
      for (const child of namedChildren(node)) names.nonlocal.add(textOf(tree, child));
      return;
    case 'case_clause':
      for (const pattern of node.children.filter(({ type }) => type === 'case_pattern')) {
        for (const node of captureNodes(tree, pattern)) names.bound.add(textOf(tree, node));
      }
      break;
  }
  const inside = inComprehension || isComprehension(node);
  for (const child of node.children) if (child.named) collect(tree, child, names, inside);
}

/** The identifiers that an assignment to this target binds: `a, (b, *c)` → a, b, c; `x.y` and `x[0]` bind none. */
export function targetIdentifiers(target: SyntaxNode): SyntaxNode[] {
  if (target.type === 'identifier') return [target];
  if (target.type === 'attribute' || target.type === 'subscript') return [];
  return namedChildren(target).flatMap(targetIdentifiers);
}

export function targetNames(tree: SyntaxTree, target: SyntaxNode): string[] {
  return targetIdentifiers(target).map((node) => textOf(tree, node));
}

/** The nodes by which a `case` pattern captures: identifiers, and names of one part. */
export function captureNodes(tree: SyntaxTree, pattern: SyntaxNode): SyntaxNode[] {
  const children = namedChildren(pattern);
  switch (pattern.type) {
    case 'dotted_name':
      // A single name captures, a dotted one is compared with; `_` binds nothing.
      return children.length === 1 && textOf(tree, pattern) !== '_' ? [pattern] : [];
    case 'identifier':
      return [pattern];
    case 'class_pattern':
    case 'keyword_pattern':
      return children.slice(1).flatMap((child) => captureNodes(tree, child));
    default:
      return children.flatMap((child) => captureNodes(tree, child));
  }
}

/** One name that an import statement binds. `name` is null where the module itself is bound. */
export interface ImportedName {
  readonly local: string;
  /** As written: `os`, `.core`, `..`. */
  readonly module: string;
  readonly name: string | null;
  /** The module that is loaded: `os.path` for `import os.path`, which binds `os`. */
  readonly loads: string;
}

/** What an import statement binds; nothing for a star import. */
export function importedNames(tree: SyntaxTree, node: SyntaxNode): ImportedName[] {
  const names = node.children.filter(({ field }) => field === 'name');
  if (node.type === 'import_statement') {
    return names.map((child) => {
      const alias = childIn(child, 'alias');
      const module = textOf(tree, childIn(child, 'name') ?? child);
      if (alias !== undefined) return { local: textOf(tree, alias), module, name: null, loads: module };
      const [first = module] = module.split('.');
      return { local: first, module: first, name: null, loads: module };
    });
  }
  const from = childIn(node, 'module_name');
  const module = from === undefined ? '__future__' : textOf(tree, from);
  return names.map((child) => {
    const alias = childIn(child, 'alias');
    const name = textOf(tree, childIn(child, 'name') ?? child);
    return { local: alias === undefined ? name : textOf(tree, alias), module, name, loads: module };
  });
}

/** Whether an import statement binds every public name of a module. */
export function isStarImport(node: SyntaxNode): boolean {
  return (
    node.type === 'import_from_statement' && node.children.some(({ type }) => type === 'wildcard_import')
  );
}
