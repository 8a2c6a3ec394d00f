import { createPacer, type Pace } from '../pacer.ts';
import { ignoredWithin, isIgnored } from '../screens/ignored.ts';
import type { ImportedName } from '../syntax/bound-names.ts';
import { importedNames } from '../syntax/bound-names.ts';
import type { NameUse } from '../syntax/free-names.ts';
import { type SyntaxNode, textOf } from '../syntax/syntax.ts';
import type { TextEdit } from '../syntax/text-edits.ts';
import type { Workspace } from '../workspace.ts';
import { changingStatements } from './changing-statements.ts';
import { isCalled, methodsOf, withoutMethods, wordsOf } from './class-parts.ts';
import { isGuardedImport } from './import-guards.ts';
import { impureImport, isBoundElsewhere, withoutImport } from './inner-imports.ts';
import type { Module, Statement } from './module.ts';
import { isAssignment, OutsideValues } from './outside-values.ts';
import { definedName, type Meaning, ProgramNames } from './program-names.ts';
import { type Resolution, resolve, resolveImport } from './resolve.ts';

/** A method that can come to be called. */
interface CalledMethod {
  readonly piece: Piece;
  readonly method: SyntaxNode;
  readonly name: string;
}

/** Why a unit cannot be sliced out. */
export interface SliceFailure {
  readonly ok: false;
  readonly loss:
    | 'decorated'
    | 'does-io'
    | 'unknown-name'
    | 'third-party-import'
    | 'name-clash'
    | 'ignored'
    | 'program-too-large';
  readonly detail: string;
  /** The statement that uses it. */
  readonly at?: Piece;
  /** Of a name that would have to stand for several things: what they are. */
  readonly between?: readonly Meaning[];
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
  readonly names: ProgramNames;
  /** Where the program's text is not that of its modules: other names, methods left out. */
  readonly edits: ReadonlyMap<Module, readonly TextEdit[]>;
  /** Some annotation names what the program does not define: annotations must not be evaluated. */
  readonly postponesHints: boolean;
  /** What its functions may use of the outside, or of what the program does not have, by the text in which it is written. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** Whether no class was cut. */
  readonly isWhole: boolean;
  /** What `__file__` is, where the program names it: the path of a file within the folder. */
  readonly file: string | undefined;
}

export interface SliceOptions {
  /** Names that will be asked of the unit: the method that is called. */
  readonly asks: readonly string[];
  /** Keeps all methods of each class, not only those that can come to be called. */
  readonly isWhole: boolean;
}

/** More statements than this are no program: what its calls execute of it is still to be found, by running all of it. */
const maxPieces = 150;

/** As many names can be changed until a program stands for itself. */
const maxRenames = 12;

/** Follows every name that a unit uses to what binds it, through the modules of the workspace. */
export async function sliceUnit(
  module: Module,
  unit: Statement,
  { asks, isWhole }: SliceOptions,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Slice | SliceFailure> {
  const names = new ProgramNames({ module, statement: unit });
  for (let renames = 0; ; renames++) {
    names.restart();
    const slicing = new Slicing(workspace, names, isWhole, signal);
    for (const name of asks) slicing.ask(name);
    const result = (await slicing.follow(module, unit)) ?? (await slicing.finish(module, unit));
    if (result.ok || result.between === undefined || renames === maxRenames) return result;
    if (!names.rename(result.between)) return result;
  }
}

/** A name that an annotation uses. */
interface Hint extends Piece {
  readonly use: NameUse;
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
  readonly #names: ProgramNames;
  readonly #hints: Hint[] = [];
  readonly #isWhole: boolean;
  /** All by which the kept code could come to call a method. */
  readonly #words = new Set<string>();
  readonly #effects = new Map<string, Effect>();
  readonly #outside = new OutsideValues();
  #file: string | undefined;
  /** Methods of the slice's classes that nothing calls so far. */
  readonly #uncalled = new Map<SyntaxNode, { readonly piece: Piece; readonly name: string }>();

  constructor(workspace: Workspace, names: ProgramNames, isWhole: boolean, signal: AbortSignal) {
    this.#names = names;
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
        piece === undefined ? called && (await this.#followMethod(called)) : await this.#followPiece(piece);
      if (failure !== undefined) return failure;
      this.#addEffects();
      for (const added of this.#pieces.values()) if (!known.has(added)) waiting.push(added);
    }
  }

  async #followMethod({ piece, method, name }: CalledMethod): Promise<SliceFailure | undefined> {
    if (isIgnored(piece.module, { node: method }))
      return { ok: false, loss: 'ignored', detail: name, at: piece };
    return this.#followWithin(piece, method);
  }

  /** The next method that can come to be called, from now on kept. */
  #takeCalled(): CalledMethod | undefined {
    for (const [method, { piece, name }] of this.#uncalled) {
      if (!isCalled(name, this.#words)) continue;
      this.#uncalled.delete(method);
      return { piece, method, name };
    }
    return undefined;
  }

  async finish(module: Module, unit: Statement): Promise<Slice | SliceFailure> {
    let postponesHints = this.#hints.some(({ module: { postponesHints: its } }) => its);
    for (const hint of this.#hints) if (!(await this.#followHint(hint))) postponesHints = true;
    for (const word of ['__subclasses__', '__module__', '__globals__']) {
      // What else there is of a module, and what it is called, is not in a program.
      if (this.#words.has(word)) this.#effects.set(`.${word}`, { loss: 'unknown-name', detail: word });
    }
    const showsNames = this.#words.has('__name__') || this.#words.has('__qualname__');
    if (this.#names.changeDefinitions && showsNames) {
      return { ok: false, loss: 'name-clash', detail: 'names that the program shows' };
    }
    for (const { piece, effect } of this.#outside.all()) {
      const isOwn = isAssignment(piece.statement) || piece.statement.free.innerImports.length > 0;
      if (!isOwn || piece.statement.isDefinition) return { ok: false, ...effect, at: piece };
      for (const name of piece.statement.binds)
        this.#effects.set(this.#names.of({ type: 'definition', module: piece.module, name }), effect);
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
      names: this.#names,
      edits: this.#edits,
      postponesHints,
      file: this.#file,
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
      const failure = this.#nameDefinition(module, name);
      if (failure !== undefined) return failure;
    }
    const defined = definedName(statement);
    if (defined !== undefined) {
      const name = this.#names.of({ type: 'definition', module, name: textOf(module.tree, defined) });
      this.#edit(module, defined, name);
    }
    const methods = this.#isWhole ? new Map<string, SyntaxNode[]>() : methodsOf(module.tree, statement);
    const ignored = methods.size === 0 ? ignoredWithin(module, statement) : undefined;
    if (ignored !== undefined) return { ok: false, loss: 'ignored', detail: ignored, at: piece };
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
      const failure = await this.#followInnerImport(module, statement, node);
      if (failure !== undefined) return failure;
    }
    for (const use of statement.free.uses.filter(({ node }) => isOf(node))) {
      if (use.when === 'hint') {
        this.#hints.push({ module, statement, use });
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
        this.#effects.set(written(module, use), { loss: found.loss, detail: found.detail });
        return undefined;
      case 'builtin':
        return this.#nameBuiltin(use.name);
      case 'effect': {
        const effect: Effect = { loss: 'does-io', detail: found.detail };
        const isFile = use.name === '__file__';
        // What a function may do when it is called shows when it is called, and so whether it uses what a value holds.
        if (use.when === 'later') this.#effects.set(written(module, use), effect);
        else if (isAssignment(statement) && (found.imported !== null || isFile))
          this.#outside.add({ module, statement }, effect);
        else return { ok: false, ...effect };
        if (isFile) this.#file ??= module.file;
        if (found.imported === null) return this.#nameBuiltin(use.name);
        return this.#takeImport(module, statement, found.imported, found.node);
      }
      case 'library':
        return this.#takeImport(module, statement, found.imported, found.node);
      case 'statements': {
        if (use.when === 'now') this.#outside.addUse({ module, statement }, found.statements);
        for (const each of found.statements) this.#add(found.module, each);
        const meaning: Meaning = { type: 'definition', module: found.module, name: found.name };
        return this.#place(module, statement, found.node, meaning);
      }
    }
  }

  #takeImport(
    module: Module,
    statement: Statement,
    imported: ImportedName,
    node: SyntaxNode,
  ): SliceFailure | undefined {
    return this.#import(imported) ?? this.#place(module, statement, node, { type: 'import', imported });
  }

  /** Has a use say the name that the program has for what it means. */
  #place(
    module: Module,
    statement: Statement,
    node: SyntaxNode,
    meaning: Exclude<Meaning, { type: 'builtin' }>,
  ): SliceFailure | undefined {
    const name = this.#names.of(meaning);
    if (textOf(module.tree, node) === name) return undefined;
    // A local of that name would take its place.
    if (statement.free.inner.has(name)) return clash(name, [meaning]);
    this.#edit(module, node, name);
    return undefined;
  }

  #edit(module: Module, { start, end }: SyntaxNode, text: string): void {
    if (module.tree.text.slice(start, end) === text) return;
    const edits = this.#edits.get(module) ?? [];
    if (!edits.some((edit) => edit.start === start)) edits.push({ start, end, text });
    this.#edits.set(module, edits);
  }

  /** Imports inside functions stay where they are, but for those of the workspace: what they bind stands in the program itself. */
  async #followInnerImport(
    module: Module,
    statement: Statement,
    node: SyntaxNode,
  ): Promise<SliceFailure | undefined> {
    const imported = importedNames(module.tree, node);
    const isOwn = imported.every(
      ({ module: from, name }) => name !== null && this.#workspace.find(from, module.file) !== undefined,
    );
    if (isOwn && imported.length > 0) return this.#followOwnImport(module, statement, node, imported);
    const effect = impureImport(module, node, this.#workspace.packages);
    if (effect === undefined) return undefined;
    if (statement.isDefinition) {
      this.#effects.set(textOf(module.tree, node).split('\n', 1)[0] ?? '', effect);
      return undefined;
    }
    if (effect.loss === 'does-io') {
      // Having a module does nothing yet; using it does.
      this.#outside.add({ module, statement }, effect);
      return undefined;
    }
    // It fails here each time, and what stands instead runs.
    const isPassedOver =
      effect.loss === 'third-party-import' && isGuardedImport(module.tree, statement.node, node);
    return isPassedOver ? undefined : { ok: false, ...effect };
  }

  async #followOwnImport(
    module: Module,
    statement: Statement,
    node: SyntaxNode,
    imported: readonly ImportedName[],
  ): Promise<SliceFailure | undefined> {
    const assigned: string[] = [];
    for (const each of imported) {
      const found = await resolveImport(module, each, node, this.#workspace, this.#signal);
      const detail = `${each.module}.${each.name}`;
      if (found.type !== 'statements' || found.node !== node || !statement.isDefinition)
        return { ok: false, loss: 'unknown-name', detail };
      for (const its of found.statements) this.#add(found.module, its);
      const meaning: Meaning = { type: 'definition', module: found.module, name: found.name };
      const name = this.#names.of(meaning);
      const { local } = each;
      if (name !== local && statement.free.inner.has(name)) return clash(name, [meaning]);
      if (name !== local) assigned.push(`${local} = ${name}`);
      else if (isBoundElsewhere(module, statement, node, local))
        return { ok: false, loss: 'unknown-name', detail };
    }
    this.#edits.set(module, [
      ...(this.#edits.get(module) ?? []),
      withoutImport(module.tree, statement.node, node, assigned),
    ]);
    return undefined;
  }

  /** Adds the statements that change what the slice's values hold: `TABLE.update(…)` once `TABLE` is in it. */
  #addEffects(): void {
    for (const module of this.#modules) {
      const pieces = [...this.#pieces.values()].filter((piece) => piece.module === module);
      const own = new Set(pieces.map(({ statement }) => statement));
      for (const statement of changingStatements(module, own)) this.#add(module, statement);
    }
  }

  /** Whether an annotation's name can stand in the program without making it much larger. */
  async #followHint({ module, statement, use }: Hint): Promise<boolean> {
    const found = await resolve(module, use, this.#workspace, this.#signal);
    if (found.type === 'builtin') return true;
    if (found.type === 'missing' || found.type === 'effect') return false;
    if (found.type === 'library') {
      return this.#takeImport(module, statement, found.imported, found.node) === undefined;
    }
    const isThere = found.statements.every((each) => this.#pieces.has(each));
    if (!isThere && !(await this.#followAlias(found))) return false;
    const meaning: Meaning = { type: 'definition', module: found.module, name: found.name };
    return this.#place(module, statement, found.node, meaning) === undefined;
  }

  /** A type variable or alias made of libraries alone is taken along. */
  async #followAlias(found: Extract<Resolution, { type: 'statements' }>): Promise<boolean> {
    const imports: ImportedName[] = [];
    for (const statement of found.statements) {
      if (statement.isDefinition || statement.node.type !== 'expression_statement') return false;
      for (const use of statement.free.uses) {
        if (statement.binds.has(use.name)) continue;
        const its = await resolve(found.module, use, this.#workspace, this.#signal);
        if (
          its.type === 'library' &&
          textOf(found.module.tree, its.node) === this.#names.of({ type: 'import', imported: its.imported })
        )
          imports.push(its.imported);
        else if (its.type !== 'builtin') return false;
      }
    }
    if (imports.some((imported) => this.#import(imported) !== undefined)) return false;
    if (this.#nameDefinition(found.module, found.name) !== undefined) return false;
    for (const statement of found.statements) this.#add(found.module, statement);
    return true;
  }

  /** Takes an import along. */
  #import(imported: ImportedName): SliceFailure | undefined {
    const local = this.#names.of({ type: 'import', imported });
    const failure = this.#name(local, { type: 'import', imported });
    if (failure !== undefined) return failure;
    this.#imports.set(`${local} ${imported.loads}`, { ...imported, local });
    this.#words.add(imported.module);
    return undefined;
  }

  #nameBuiltin(name: string): SliceFailure | undefined {
    return this.#name(name, { type: 'builtin' });
  }

  #nameDefinition(module: Module, name: string): SliceFailure | undefined {
    const meaning: Meaning = { type: 'definition', module, name };
    return this.#name(this.#names.of(meaning), meaning);
  }

  /** Records what a global name of the program stands for. */
  #name(name: string, meaning: Meaning): SliceFailure | undefined {
    const other = this.#names.take(name, meaning);
    return other === undefined ? undefined : clash(name, [meaning, other]);
  }
}

/** What a use looks like in its line. */
function written({ tree }: Module, { path, pathNode }: NameUse): string {
  return pathNode.type === 'identifier' ? textOf(tree, pathNode) : path;
}

function clash(name: string, between: readonly Meaning[]): SliceFailure {
  return { ok: false, loss: 'name-clash', detail: name, between };
}

function decorated(failure: SliceFailure): SliceFailure {
  return { ok: false, loss: 'decorated', detail: failure.detail };
}

function isInDecorator({ node }: Statement, use: NameUse): boolean {
  const decorators = node.children.filter(({ type }) => type === 'decorator');
  return decorators.some(({ start, end }) => start <= use.node.start && use.node.end <= end);
}
