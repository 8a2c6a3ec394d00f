import { type ImportedName, targetNames } from '../syntax/bound-names.ts';
import {
  childIn,
  namedChildren,
  type SyntaxNode,
  type SyntaxTree,
  textOf,
  undecorated,
} from '../syntax/syntax.ts';
import type { Module, Statement } from './module.ts';
import type { Piece } from './slice.ts';

/** What a global name of a program stands for. */
export type Meaning =
  | { readonly type: 'builtin' }
  | { readonly type: 'definition'; readonly module: Module; readonly name: string }
  | { readonly type: 'import'; readonly imported: ImportedName };

/** What can have another name, the most readily first; `fixed` cannot. */
const kinds = ['value', 'import', 'function', 'class', 'fixed'] as const;
type Kind = (typeof kinds)[number];

/**
 * The global names of a program that is made of several modules. Where two of them call different things by one name, one of
 * the two gets another name: that of its module before its own.
 */
export class ProgramNames {
  readonly #entry: Piece;
  /** Names that the program uses instead, by what is meant. */
  readonly #chosen = new Map<string, string>();
  readonly #meanings = new Map<string, Meaning>();
  #changesDefinitions = false;

  constructor(entry: Piece) {
    this.#entry = entry;
  }

  /** Forgets what names mean, not which were chosen: the program is put together anew. */
  restart(): void {
    this.#meanings.clear();
  }

  /** Whether a function or a class is called otherwise than in its module, which its `__name__` would show. */
  get changeDefinitions(): boolean {
    return this.#changesDefinitions;
  }

  /** The name of something in the program. */
  of(meaning: Exclude<Meaning, { type: 'builtin' }>): string {
    return this.#chosen.get(keyOf(meaning)) ?? ownName(meaning);
  }

  /** Records what a global name of the program stands for; gives what it stands for already where that is something else. */
  take(name: string, meaning: Meaning): Meaning | undefined {
    const known = this.#meanings.get(name);
    if (known === undefined) this.#meanings.set(name, meaning);
    return known === undefined || keyOf(known) === keyOf(meaning) ? undefined : known;
  }

  /** Chooses another name for one of the meanings, that which can best have one; false where none can. */
  rename(meanings: readonly Meaning[]): boolean {
    const [first] = meanings
      .map((meaning) => ({ meaning, rank: kinds.indexOf(this.#kindOf(meaning)) }))
      .sort((a, b) => a.rank - b.rank || Number(this.#isNear(a.meaning)) - Number(this.#isNear(b.meaning)));
    if (first === undefined || first.meaning.type === 'builtin' || kinds[first.rank] === 'fixed')
      return false;
    if (first.rank >= kinds.indexOf('function')) this.#changesDefinitions = true;
    const key = keyOf(first.meaning);
    const before = this.#chosen.get(key);
    const base = qualifiedName(first.meaning);
    const count = before === undefined ? 1 : Number(/_(\d+)$/.exec(before.slice(base.length))?.[1] ?? 1) + 1;
    this.#chosen.set(key, count === 1 ? base : `${base}_${count}`);
    return true;
  }

  /** Whether something stands in the unit's own module: it rather keeps its name. */
  #isNear(meaning: Meaning): boolean {
    return meaning.type === 'definition' && meaning.module.file === this.#entry.module.file;
  }

  /** What can have another name, and how readily. */
  #kindOf(meaning: Meaning): Kind {
    if (meaning.type === 'builtin') return 'fixed';
    if (meaning.type === 'import') {
      // `import a.b` binds `a`, and cannot bind another name in its place.
      const { module, loads } = meaning.imported;
      return module === loads && module !== '__future__' ? 'import' : 'fixed';
    }
    const { tree } = meaning.module;
    const statements = meaning.module.definitions.get(meaning.name) ?? [];
    if (statements.length === 0 || statements.includes(this.#entry.statement)) return 'fixed';
    if (statements.every((each) => isAssigned(tree, each, meaning.name))) return 'value';
    const types = new Set(statements.map(({ node }) => undecorated(node).type));
    if (types.size > 1) return 'fixed';
    if (types.has('function_definition')) return 'function';
    const isClass = types.has('class_definition');
    return isClass && statements.every(({ node }) => isNamelessClass(tree, node)) ? 'class' : 'fixed';
  }
}

/** The name of a definition, where the statement is one. */
export function definedName({ node }: Statement): SyntaxNode | undefined {
  const definition = undecorated(node);
  return definition.type.endsWith('_definition') ? childIn(definition, 'name') : undefined;
}

/** Whether a statement binds a name by assigning to it and in no other way. */
function isAssigned(tree: SyntaxTree, { node }: Statement, name: string): boolean {
  if (node.type !== 'expression_statement') return false;
  for (let next = namedChildren(node)[0]; next !== undefined; next = childIn(next, 'right')) {
    if (next.type !== 'assignment' && next.type !== 'augmented_assignment') return false;
    const target = childIn(next, 'left');
    if (target !== undefined && targetNames(tree, target).includes(name)) return true;
  }
  return false;
}

/** Whether a class's name is no part of what its objects are or show. */
function isNamelessClass(tree: SyntaxTree, node: SyntaxNode): boolean {
  if (undecorated(node) !== node) return false;
  const bases = childIn(node, 'superclasses');
  const name = childIn(node, 'name');
  const shown = /(Error|Exception|Warning|Exit|Interrupt|Enum|Flag|NamedTuple|TypedDict|Struct|Model)\b/;
  return !shown.test(`${name && textOf(tree, name)} ${bases && textOf(tree, bases)}`);
}

function ownName(meaning: Exclude<Meaning, { type: 'builtin' }>): string {
  return meaning.type === 'import' ? meaning.imported.local : meaning.name;
}

function keyOf(meaning: Meaning): string {
  if (meaning.type === 'builtin') return 'builtin';
  if (meaning.type === 'definition') return `definition ${meaning.module.file} ${meaning.name}`;
  const { module, name, local } = meaning.imported;
  return `import ${module} ${name ?? ''} ${local}`;
}

/** `core_parse` of `parse` in `pkg/core.py`, `_core_parse` of `_parse`, `abc_Iterable` of `from collections.abc import Iterable`. */
function qualifiedName(meaning: Exclude<Meaning, { type: 'builtin' }>): string {
  const own = ownName(meaning);
  const from =
    meaning.type === 'import'
      ? (meaning.imported.module.split('.').at(-1) ?? '')
      : (meaning.module.file
          .replace(/(\/__init__)?\.py$/, '')
          .split('/')
          .at(-1) ?? '');
  if (meaning.type === 'import' && meaning.imported.name === null) return `${own}_module`;
  const prefix = from.replaceAll(/\W/g, '_').replace(/^_+|_+$/g, '') || 'module';
  const bare = `${/^\d/.test(prefix) ? `m${prefix}` : prefix}_${own.replace(/^_+/, '')}`;
  return own.startsWith('_') ? `_${bare}` : bare;
}
