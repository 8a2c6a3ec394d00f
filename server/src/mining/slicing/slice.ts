import { createPacer, type Pace } from '../pacer.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { importedNames } from '../syntax/bound-names.ts';
import type { NameUse } from '../syntax/free-names.ts';
import { childIn, type SyntaxNode, textOf } from '../syntax/syntax.ts';
import type { TextEdit } from '../syntax/text-edits.ts';
import type { Workspace } from '../workspace.ts';
import type { Module, Statement } from './module.ts';
import { type Resolution, resolve } from './resolve.ts';
import { isPureUse, isStandardModule } from './standard-library.ts';

/** Why a unit cannot be sliced out. */
export interface SliceFailure {
  readonly ok: false;
  readonly loss:
    | 'decorated'
    | 'does-io'
    | 'unknown-name'
    | 'third-party-import'
    | 'name-clash'
    | 'program-too-large';
  readonly detail: string;
}

/** A statement that a program needs, with the module that it stands in. */
export interface Piece {
  readonly module: Module;
  readonly statement: Statement;
}

/** A unit with everything it needs, before it is written out. */
export interface Slice {
  readonly ok: true;
  readonly entry: Piece;
  /** Modules in the order in which importing would run them; in each, statements in order of the text. */
  readonly pieces: readonly Piece[];
  readonly imports: readonly ImportedName[];
  /** Names that are called otherwise in the program than in their module. */
  readonly edits: ReadonlyMap<Module, readonly TextEdit[]>;
  /** Some annotation names what the program does not define: annotations must not be evaluated. */
  readonly postponesHints: boolean;
}

/** More statements than this make no program that a person reads. */
const maxPieces = 60;

/** Follows every name that a unit uses to what binds it, through the modules of the workspace. */
export async function sliceUnit(
  module: Module,
  unit: Statement,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Slice | SliceFailure> {
  const slicing = new Slicing(workspace, signal);
  const failure = await slicing.follow(module, unit);
  if (failure !== undefined) return failure;
  return slicing.finish(module, unit);
}

/** What is known while a slice grows. A class, because nearly every step adds to nearly all of it. */
class Slicing {
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal;
  readonly #pace: Pace;
  readonly #pieces = new Map<Statement, Piece>();
  readonly #modules: Module[] = [];
  readonly #imports = new Map<string, ImportedName>();
  readonly #edits = new Map<Module, TextEdit[]>();
  /** What each global name of the program stands for. */
  readonly #meanings = new Map<string, string>();
  readonly #hints: { readonly module: Module; readonly use: NameUse }[] = [];

  constructor(workspace: Workspace, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
    this.#pace = createPacer(signal);
  }

  async follow(module: Module, first: Statement): Promise<SliceFailure | undefined> {
    const waiting: Piece[] = [this.#add(module, first)];
    for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
      await this.#pace();
      if (this.#pieces.size > maxPieces) {
        return { ok: false, loss: 'program-too-large', detail: `more than ${maxPieces} statements` };
      }
      const known = new Set(this.#pieces.values());
      const failure = await this.#followPiece(piece);
      if (failure !== undefined) return failure;
      this.#addEffects();
      for (const added of this.#pieces.values()) if (!known.has(added)) waiting.push(added);
    }
    return undefined;
  }

  async finish(module: Module, unit: Statement): Promise<Slice | SliceFailure> {
    let postponesHints = false;
    for (const { module: from, use } of this.#hints) {
      if (!(await this.#followHint(from, use))) postponesHints = true;
    }
    const order = (piece: Piece) => this.#modules.indexOf(piece.module);
    const pieces = [...this.#pieces.values()].sort(
      (a, b) => order(a) - order(b) || a.statement.node.start - b.statement.node.start,
    );
    const entry = this.#add(module, unit);
    return {
      ok: true,
      entry,
      pieces,
      imports: [...this.#imports.values()],
      edits: this.#edits,
      postponesHints,
    };
  }

  #add(module: Module, statement: Statement): Piece {
    const known = this.#pieces.get(statement);
    if (known !== undefined) return known;
    const piece: Piece = { module, statement };
    this.#pieces.set(statement, piece);
    if (!this.#modules.includes(module)) this.#modules.unshift(module);
    return piece;
  }

  async #followPiece({ module, statement }: Piece): Promise<SliceFailure | undefined> {
    for (const name of statement.binds) {
      if (!this.#mean(name, module.file)) return clash(name);
    }
    for (const node of statement.free.innerImports) {
      const failure = innerImport(module, node);
      if (failure !== undefined) return failure;
    }
    for (const use of statement.free.uses) {
      if (use.when === 'hint') {
        this.#hints.push({ module, use });
        continue;
      }
      const failure = await this.#followUse(module, statement, use);
      if (failure !== undefined) return isInDecorator(statement, use) ? decorated(failure) : failure;
    }
    return undefined;
  }

  async #followUse(module: Module, statement: Statement, use: NameUse): Promise<SliceFailure | undefined> {
    const found = await resolve(module, use, this.#workspace, this.#signal);
    switch (found.type) {
      case 'missing':
        return { ok: false, loss: found.loss, detail: found.detail };
      case 'builtin':
        return this.#mean(use.name, 'builtins') ? undefined : clash(use.name);
      case 'standard':
        return this.#import(found.imported) ? undefined : clash(found.imported.local);
      case 'statements':
        return this.#take(module, statement, found);
    }
  }

  #take(
    module: Module,
    statement: Statement,
    found: Extract<Resolution, { type: 'statements' }>,
  ): SliceFailure | undefined {
    for (const each of found.statements) this.#add(found.module, each);
    const text = module.tree.text.slice(found.node.start, found.node.end);
    if (text === found.name) return undefined;
    // The name it has in its own module takes the place of the one it was imported under.
    if (statement.free.inner.has(found.name)) return clash(found.name);
    const edits = this.#edits.get(module) ?? [];
    edits.push({ start: found.node.start, end: found.node.end, text: found.name });
    this.#edits.set(module, edits);
    return undefined;
  }

  /** Adds the statements that change what the slice's values hold: `TABLE.update(…)` once `TABLE` is in it. */
  #addEffects(): void {
    for (const module of this.#modules) {
      const values = new Set<string>();
      for (const { module: its, statement } of this.#pieces.values()) {
        if (its === module && !statement.isDefinition) for (const name of statement.binds) values.add(name);
      }
      for (const statement of module.statements) {
        if (statement.touches.size === 0 || this.#pieces.has(statement)) continue;
        if (reaches(module, statement.touches, values)) this.#add(module, statement);
      }
    }
  }

  /** Whether an annotation's name can stand in the program without making it much larger. */
  async #followHint(module: Module, use: NameUse): Promise<boolean> {
    const found = await resolve(module, use, this.#workspace, this.#signal);
    if (found.type === 'builtin') return true;
    if (found.type === 'standard') return this.#import(found.imported);
    if (found.type === 'missing') return false;
    const text = module.tree.text.slice(found.node.start, found.node.end);
    if (found.statements.every((statement) => this.#pieces.has(statement))) return text === found.name;
    return text === found.name && (await this.#followAlias(found));
  }

  /** A type variable or alias made of the standard library alone is taken along. */
  async #followAlias(found: Extract<Resolution, { type: 'statements' }>): Promise<boolean> {
    const imports: ImportedName[] = [];
    for (const statement of found.statements) {
      if (statement.isDefinition || statement.node.type !== 'expression_statement') return false;
      for (const use of statement.free.uses) {
        if (statement.binds.has(use.name)) continue;
        const its = await resolve(found.module, use, this.#workspace, this.#signal);
        if (its.type === 'standard') imports.push(its.imported);
        else if (its.type !== 'builtin') return false;
      }
    }
    if (!imports.every((imported) => this.#import(imported)) || !this.#mean(found.name, found.module.file))
      return false;
    for (const statement of found.statements) this.#add(found.module, statement);
    return true;
  }

  #import(imported: ImportedName): boolean {
    const { local, module, name, loads } = imported;
    const meaning = `import ${module} ${name ?? ''}`;
    if (!this.#mean(local, meaning)) return false;
    this.#imports.set(`${local} ${loads}`, imported);
    return true;
  }

  /** Records what a global name stands for; false where it already stands for something else. */
  #mean(name: string, meaning: string): boolean {
    const known = this.#meanings.get(name);
    if (known === undefined) this.#meanings.set(name, meaning);
    return known === undefined || known === meaning;
  }
}

function clash(name: string): SliceFailure {
  return { ok: false, loss: 'name-clash', detail: name };
}

function decorated(failure: SliceFailure): SliceFailure {
  return { ok: false, loss: 'decorated', detail: failure.detail };
}

function isInDecorator({ node }: Statement, use: NameUse): boolean {
  const decorators = node.children.filter(({ type }) => type === 'decorator');
  return decorators.some(({ start, end }) => start <= use.node.start && use.node.end <= end);
}

/** Imports inside functions stay where they are: they may only take what is pure of the standard library. */
function innerImport(module: Module, node: SyntaxNode): SliceFailure | undefined {
  if (node.type === 'future_import_statement') return undefined;
  const from = childIn(node, 'module_name');
  if (from !== undefined && node.children.some(({ type }) => type === 'wildcard_import')) {
    return { ok: false, loss: 'unknown-name', detail: textOf(module.tree, node) };
  }
  for (const { module: name, name: taken, loads } of importedNames(module.tree, node)) {
    const path = taken === null ? loads : `${name}.${taken}`;
    if (!isStandardModule(name)) return { ok: false, loss: 'third-party-import', detail: path };
    if (!isPureUse(path)) return { ok: false, loss: 'does-io', detail: path };
  }
  return undefined;
}

/** Whether names lead to one of the values, through what the module's functions use. */
function reaches(module: Module, names: ReadonlySet<string>, values: ReadonlySet<string>): boolean {
  const reached = new Set(names);
  for (const name of reached) {
    if (values.has(name)) return true;
    for (const statement of module.definitions.get(name) ?? []) {
      if (!statement.isDefinition) continue;
      for (const use of statement.free.uses) reached.add(use.name);
    }
  }
  return false;
}
