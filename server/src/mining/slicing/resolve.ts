import type { ImportedName } from '../syntax/bound-names.ts';
import type { NameUse } from '../syntax/free-names.ts';
import { childIn, type SyntaxNode, textOf } from '../syntax/syntax.ts';
import type { Workspace } from '../workspace.ts';
import type { Module, Statement } from './module.ts';
import { builtinEffect, isPackage, isPureUse, isStandardModule, type Packages } from './standard-library.ts';

/** What a free name of a module stands for. */
export type Resolution =
  | {
      readonly type: 'statements';
      readonly module: Module;
      readonly statements: readonly Statement[];
      /** The name in that module. */
      readonly name: string;
      /** The part of the use that stands for it: `tools.helper` of `tools.helper.x`. */
      readonly node: SyntaxNode;
    }
  /** Of the standard library or of a package. `node` is the part of the use that stands for what is imported. */
  | { readonly type: 'library'; readonly imported: ImportedName; readonly node: SyntaxNode }
  | { readonly type: 'builtin' }
  /** What reads or changes something outside of the program; `imported` is null of a builtin. */
  | {
      readonly type: 'effect';
      readonly imported: ImportedName | null;
      readonly detail: string;
      readonly node: SyntaxNode;
    }
  | {
      readonly type: 'missing';
      readonly loss: 'unknown-name' | 'third-party-import';
      readonly detail: string;
    };

/** Where a name comes from, imports followed through this many modules. */
const maxHops = 8;

/** Finds what a free name stands for: the module's own definitions, what it imports, builtins, in this order. */
export async function resolve(
  module: Module,
  use: NameUse,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Resolution> {
  return find(module, use, use.node, use.name, { workspace, signal, hops: maxHops, from: module });
}

/** Finds what an import inside of a function binds to a name. */
export async function resolveImport(
  module: Module,
  imported: ImportedName,
  node: SyntaxNode,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Resolution> {
  const { local } = imported;
  const use: NameUse = { name: local, path: local, node, pathNode: node, when: 'later' };
  return findImported(module, [imported], use, node, { workspace, signal, hops: maxHops, from: module });
}

interface Search {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  readonly hops: number;
  /** The module that the use stands in. */
  readonly from: Module;
}

/** `node` is the part of the use that `name` of `module` stands for. */
async function find(
  module: Module,
  use: NameUse,
  node: SyntaxNode,
  name: string,
  search: Search,
): Promise<Resolution> {
  const statements = module.definitions.get(name);
  if (statements !== undefined)
    return {
      type: 'statements',
      module,
      statements: lastOnly(inForce(statements, use, search, module)),
      name,
      node,
    };
  if (search.hops === 0) return missing('unknown-name', use.path);
  const next = { ...search, hops: search.hops - 1 };
  const imported = module.imports.get(name);
  if (imported !== undefined) return findImported(module, imported, use, node, next);
  for (const star of module.stars) {
    const file = search.workspace.find(star, module.file);
    const loaded = file === undefined ? undefined : await search.workspace.load(file, search.signal);
    if (loaded?.ok !== true || name.startsWith('_')) continue;
    const found = await find(loaded.module, use, node, name, next);
    if (found.type !== 'missing' && found.type !== 'builtin') return found;
  }
  if (module.around !== undefined) return find(module.around, use, node, name, search);
  const effect = builtinEffect(name);
  if (effect === 'impure') return { type: 'effect', imported: null, detail: use.path, node };
  if (effect === 'pure') return { type: 'builtin' };
  return missing('unknown-name', use.path);
}

async function findImported(
  module: Module,
  imports: readonly ImportedName[],
  use: NameUse,
  node: SyntaxNode,
  search: Search,
): Promise<Resolution> {
  const { workspace, signal, from } = search;
  const rest = use.path.slice(textOf(from.tree, node).replaceAll(/\s|\\|#.*/g, '').length);
  const imported = imports.find(({ local, loads }) => `${local}${rest}`.startsWith(loads)) ?? imports.at(-1);
  if (imported === undefined) return missing('unknown-name', use.path);
  const { module: written, name } = imported;
  if (name === null) {
    const file = workspace.find(imported.loads, module.file) ?? workspace.find(written, module.file);
    if (file !== undefined && !isStandardModule(written))
      return findAttribute(file, use, node, written, imported, search);
    return outside(imported, `${written}${rest}`, node, workspace.packages);
  }
  const file = workspace.find(written, module.file);
  if (file === undefined) return outside(imported, `${written}.${name}${rest}`, node, workspace.packages);
  const submodule = workspace.find(
    written.endsWith('.') ? `${written}${name}` : `${written}.${name}`,
    module.file,
  );
  const loaded = await workspace.load(file, signal);
  if (
    loaded.ok &&
    (loaded.module.definitions.has(name) || loaded.module.imports.has(name) || submodule === undefined)
  ) {
    return find(loaded.module, use, node, name, search);
  }
  if (submodule === undefined) return missing('unknown-name', `${use.path}: ${file} cannot be read`);
  return findAttribute(submodule, use, node, name, undefined, search);
}

/** A name of a workspace module that is used as `module.name`, or `package.module.name`. */
async function findAttribute(
  file: string,
  use: NameUse,
  node: SyntaxNode,
  written: string,
  imported: ImportedName | undefined,
  search: Search,
): Promise<Resolution> {
  const { workspace, signal, from } = search;
  // `import a.b` binds `a`: the path walks down to `a.b` first.
  const deeper =
    imported !== undefined && imported.loads !== imported.module ? imported.loads.slice(written.length) : '';
  let owner = node;
  for (const _ of deeper.split('.').slice(1)) owner = parentAttribute(use.pathNode, owner) ?? owner;
  const attribute = parentAttribute(use.pathNode, owner);
  const loaded = await workspace.load(file, signal);
  if (attribute === undefined || !loaded.ok)
    return missing('unknown-name', `${use.path}: a module as a value`);
  const name = childIn(attribute, 'attribute');
  if (name === undefined) return missing('unknown-name', use.path);
  return find(loaded.module, use, attribute, textOf(from.tree, name), search);
}

/** The attribute expression that has `inner` as its object, within a path. */
function parentAttribute(path: SyntaxNode, inner: SyntaxNode): SyntaxNode | undefined {
  let node: SyntaxNode | undefined = path;
  while (node?.type === 'attribute') {
    const object: SyntaxNode | undefined = childIn(node, 'object') ?? node.children[0];
    if (object === inner) return node;
    node = object;
  }
  return undefined;
}

/** What is imported from outside of the folder. What a package does to the outside shows when it runs. */
function outside(imported: ImportedName, path: string, node: SyntaxNode, packages: Packages): Resolution {
  if (!isStandardModule(imported.module)) {
    return isPackage(imported.module, packages)
      ? { type: 'library', imported, node }
      : missing('third-party-import', path);
  }
  return isPureUse(path)
    ? { type: 'library', imported, node }
    : { type: 'effect', imported, detail: path, node };
}

function missing(loss: Extract<Resolution, { type: 'missing' }>['loss'], detail: string): Resolution {
  return { type: 'missing', loss, detail };
}

/** What runs when its module is imported takes what stands before it. */
function inForce(
  statements: readonly Statement[],
  use: NameUse,
  { from }: Search,
  module: Module,
): readonly Statement[] {
  if (use.when !== 'now' || from !== module) return statements;
  const before = statements.filter(({ node }) => node.end <= use.node.start);
  return before.length === 0 ? statements : before;
}

/** Of plain definitions under one name the last one holds. */
function lastOnly(statements: readonly Statement[]): readonly Statement[] {
  const last = statements.at(-1);
  const plain = statements.every(({ node }) =>
    ['function_definition', 'class_definition'].includes(node.type),
  );
  return plain && last !== undefined ? [last] : statements;
}
