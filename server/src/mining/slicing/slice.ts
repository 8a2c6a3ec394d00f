import { createPacer, type Pace } from '../pacer.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { importedNames } from '../syntax/bound-names.ts';
import type { NameUse } from '../syntax/free-names.ts';
import { childIn, type SyntaxNode, textOf } from '../syntax/syntax.ts';
import type { TextEdit } from '../syntax/text-edits.ts';
import type { Workspace } from '../workspace.ts';
import { isCalled, methodsOf, withoutMethods, wordsOf } from './class-parts.ts';
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
  /** The statement that uses it. */
  readonly at?: Piece;
}

/** What a function may use when it is called, but what no call that is learnt from may execute. */
export interface Effect {
  readonly loss: 'does-io' | 'unknown-name' | 'third-party-import';
  /** Its full name. */
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
  /** What its functions may use of the outside, or of what the program does not have, by the text in which it is written. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** Whether no class was cut. */
  readonly isWhole: boolean;
}

export interface SliceOptions {
  /** Names that will be asked of the unit: the method that is called. */
  readonly asks: readonly string[];
  /** Keeps all methods of each class, not only those that can come to be called. */
  readonly isWhole: boolean;
}

/** More statements than this make no program that a person reads. */
const maxPieces = 60;

/** Follows every name that a unit uses to what binds it, through the modules of the workspace. */
export async function sliceUnit(
  module: Module,
  unit: Statement,
  { asks, isWhole }: SliceOptions,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Slice | SliceFailure> {
  const slicing = new Slicing(workspace, isWhole, signal);
  for (const name of asks) slicing.ask(name);
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
  readonly #isWhole: boolean;
  /** All by which the kept code could come to call a method. */
  readonly #words = new Set<string>();
  readonly #effects = new Map<string, Effect>();
  /** Methods of the slice's classes that nothing calls so far. */
  readonly #uncalled = new Map<SyntaxNode, { readonly piece: Piece; readonly name: string }>();

  constructor(workspace: Workspace, isWhole: boolean, signal: AbortSignal) {
    this.#isWhole = isWhole;
    this.#workspace = workspace;
    this.#signal = signal;
    this.#pace = createPacer(signal);
  }

  /** Makes a name one that the slice is asked by. */
  ask(name: string): void {
    this.#words.add(name);
  }

  async follow(module: Module, first: Statement): Promise<SliceFailure | undefined> {
    const waiting: Piece[] = [this.#add(module, first)];
    for (;;) {
      await this.#pace();
      const known = new Set(this.#pieces.values());
      const piece = waiting.pop();
      const called = piece === undefined ? this.#takeCalled() : undefined;
      if (piece === undefined && called === undefined) return undefined;
      if (this.#pieces.size > maxPieces) {
        return { ok: false, loss: 'program-too-large', detail: `more than ${maxPieces} statements` };
      }
      const failure =
        piece !== undefined
          ? await this.#followPiece(piece)
          : called && (await this.#followWithin(called.piece, called.method));
      if (failure !== undefined) return failure;
      this.#addEffects();
      for (const added of this.#pieces.values()) if (!known.has(added)) waiting.push(added);
    }
  }

  /** The next method that can come to be called, from now on kept. */
  #takeCalled(): { readonly piece: Piece; readonly method: SyntaxNode } | undefined {
    for (const [method, { piece, name }] of this.#uncalled) {
      if (!isCalled(name, this.#words)) continue;
      this.#uncalled.delete(method);
      return { piece, method };
    }
    return undefined;
  }

  async finish(module: Module, unit: Statement): Promise<Slice | SliceFailure> {
    let postponesHints = this.#hints.some(({ module: { postponesHints: its } }) => its);
    for (const { module: from, use } of this.#hints) {
      if (!(await this.#followHint(from, use))) postponesHints = true;
    }
    const order = (piece: Piece) => this.#modules.indexOf(piece.module);
    const pieces = [...this.#pieces.values()].sort(
      (a, b) => order(a) - order(b) || a.statement.node.start - b.statement.node.start,
    );
    const entry = this.#add(module, unit);
    const uncalled = Map.groupBy(this.#uncalled, ([, { piece }]) => piece);
    for (const [{ module: from, statement }, methods] of uncalled) {
      const dropped = new Set(methods.map(([method]) => method));
      const edits = this.#edits.get(from) ?? [];
      this.#edits.set(from, [...edits, ...withoutMethods(from.tree, statement, dropped)]);
    }
    return {
      isWhole: uncalled.size === 0,
      effects: this.#effects,
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

  async #followPiece(piece: Piece): Promise<SliceFailure | undefined> {
    const { module, statement } = piece;
    for (const name of statement.binds) {
      if (!this.#mean(name, module.file)) return clash(name);
    }
    const methods = this.#isWhole ? new Map<string, SyntaxNode[]>() : methodsOf(module.tree, statement);
    for (const [name, nodes] of methods)
      for (const method of nodes) this.#uncalled.set(method, { piece, name });
    return this.#followWithin(piece, statement.node, new Set([...methods.values()].flat()));
  }

  /** Follows what a part of a piece uses. */
  async #followWithin(
    { module, statement }: Piece,
    part: SyntaxNode,
    without: ReadonlySet<SyntaxNode> = new Set(),
  ): Promise<SliceFailure | undefined> {
    for (const word of wordsOf(module.tree, part, without)) this.#words.add(word);
    const isIn = (node: SyntaxNode, around: SyntaxNode) =>
      around.start <= node.start && node.end <= around.end;
    const isOf = (node: SyntaxNode) => isIn(node, part) && ![...without].some((each) => isIn(node, each));
    for (const node of statement.free.innerImports.filter(isOf)) {
      const failure = innerImport(module, node);
      if (failure === undefined) continue;
      if (!statement.isDefinition) return failure;
      const { loss, detail } = failure;
      this.#effects.set(textOf(module.tree, node).split('\n', 1)[0] ?? '', { loss, detail });
    }
    for (const use of statement.free.uses.filter(({ node }) => isOf(node))) {
      if (use.when === 'hint') {
        this.#hints.push({ module, use });
        continue;
      }
      const failure = await this.#followUse(module, statement, use);
      if (failure === undefined) continue;
      const at = { module, statement };
      return { ...(isInDecorator(statement, use) ? decorated(failure) : failure), at };
    }
    return undefined;
  }

  async #followUse(module: Module, statement: Statement, use: NameUse): Promise<SliceFailure | undefined> {
    const found = await resolve(module, use, this.#workspace, this.#signal);
    switch (found.type) {
      case 'missing':
        if (use.when !== 'later' || found.loss !== 'third-party-import')
          return { ok: false, loss: found.loss, detail: found.detail };
        this.#effects.set(use.path, { loss: found.loss, detail: found.detail });
        return undefined;
      case 'builtin':
        return this.#mean(use.name, 'builtins') ? undefined : clash(use.name);
      case 'effect':
        // What a function may do when it is called shows when it is called.
        if (use.when !== 'later') return { ok: false, loss: 'does-io', detail: found.detail };
        this.#effects.set(use.path, { loss: 'does-io', detail: found.detail });
        if (found.imported === null) return this.#mean(use.name, 'builtins') ? undefined : clash(use.name);
        return this.#import(found.imported) ? undefined : clash(found.imported.local);
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
        if (its !== module || (statement.isDefinition && !statement.isShared)) continue;
        for (const name of statement.binds) values.add(name);
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
    if (found.type === 'missing' || found.type === 'effect') return false;
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
    this.#words.add(module);
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
function innerImport(module: Module, node: SyntaxNode): (SliceFailure & Effect) | undefined {
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
