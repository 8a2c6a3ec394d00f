import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CallSource, Seed } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contentId } from '../tasks/record-id.ts';
import { type CallIndex, createCallIndex, type FoundCall } from './call-index.ts';
import { callSites } from './call-sites.ts';
import { doctestsIn, doctestsOf, type Session } from './doctests.ts';
import { findFiles } from './find-files.ts';
import { currentCommit } from './git.ts';
import { listWrapper } from './list-wrapper.ts';
import type { Loss } from './losses.ts';
import type { Module } from './module.ts';
import { overlap } from './overlap.ts';
import { createPacer } from './pacer.ts';
import { type Sliced, sliceProgram } from './program.ts';
import { readSource } from './read-source.ts';
import { relevantFiles } from './relevant-files.ts';
import { lineAt, textOf } from './syntax.ts';
import { type Unit, unitsOf } from './units.ts';
import { type VerifiedUnit, verifyCalls } from './verify-calls.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export type { Loss } from './losses.ts';

export type MineEvent =
  | { readonly type: 'found'; readonly files: number; readonly skipped: number }
  | { readonly type: 'file'; readonly file: string; readonly units: number }
  | { readonly type: 'seed'; readonly seed: Seed }
  | {
      readonly type: 'loss';
      readonly file: string;
      readonly symbol: string | null;
      readonly loss: Loss;
      readonly detail: string;
    };

export interface MineOptions {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Globs left out, beside `.gitignore`. */
  readonly exclude: readonly string[];
  /** Only these files (paths within the folder): an edit re-mines what it changed. All files where absent. */
  readonly files?: readonly string[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly sandbox: Sandbox;
}

/** Units whose calls are in the sandbox at a time. */
const unitsAtATime = 3;

/** Turns the Python files of a folder into verified seeds, with what was lost on the way and why. */
export async function* mine(options: MineOptions, signal: AbortSignal): AsyncGenerator<MineEvent> {
  const stop = new AbortController();
  try {
    yield* mineUntil(options, AbortSignal.any([signal, stop.signal]));
  } finally {
    stop.abort();
  }
}

async function* mineUntil(options: MineOptions, signal: AbortSignal): AsyncGenerator<MineEvent> {
  const { folder, maxFileBytes } = options;
  const found = await findFiles(options, signal);
  yield { type: 'found', files: found.python.length, skipped: found.skipped };
  for (const path of found.unreadable) yield lossOf(path, null, 'unreadable', 'folder');
  if (found.truncated) yield lossOf('', null, 'too-many-files', `more than ${options.maxFiles}`);

  const workspace = openWorkspace(folder, found.python, options);
  const index = createCallIndex(workspace);
  const wanted = options.files === undefined ? undefined : new Set(options.files);
  const files =
    wanted === undefined
      ? found.python
      : await relevantFiles(wanted, found.python, { folder, maxFileBytes, workspace }, signal);
  const good: string[] = [];
  const pace = createPacer(signal);
  for (const file of files) {
    await pace();
    const loaded = await workspace.load(file, signal);
    if (!loaded.ok) {
      yield lossOf(file, null, loaded.loss, loaded.detail);
      continue;
    }
    const units = unitsOf(loaded.module);
    index.addModule(loaded.module, units);
    good.push(file);
    if (wanted?.has(file) ?? true) yield { type: 'file', file, units: units.length };
  }
  for (const file of good) await indexModuleCalls(file, workspace, index, signal);
  for (const file of found.documents) {
    const read = await readSource(join(folder, file), maxFileBytes, signal);
    if (read.ok) await indexSessions(file, doctestsIn(read.source.text), index, signal);
  }

  const commit = await currentCommit(folder, signal);
  const mining: Mining = { options, workspace, index, commit, wanted, seen: new Set() };
  for await (const events of overlap(unitTasks(good, mining, signal), unitsAtATime)) yield* events;
}

interface Mining {
  readonly options: MineOptions;
  readonly workspace: Workspace;
  readonly index: CallIndex;
  readonly commit: string | null;
  readonly wanted: ReadonlySet<string> | undefined;
  /** Ids of the seeds that were given out. */
  readonly seen: Set<string>;
}

async function indexModuleCalls(file: string, workspace: Workspace, index: CallIndex, signal: AbortSignal) {
  const loaded = await workspace.load(file, signal);
  if (!loaded.ok) return;
  const { tree } = loaded.module;
  const source: CallSource = isTest(file) ? 'test' : 'code';
  index.addCalls(
    file,
    await callSites(tree, { source, isModule: true }, index.isWanted, createPacer(signal)),
  );
  await indexSessions(file, doctestsOf(tree), index, signal);
}

async function indexSessions(
  file: string,
  sessions: readonly Session[],
  index: CallIndex,
  signal: AbortSignal,
) {
  const pace = createPacer(signal);
  for (const { tree, lines } of sessions) {
    const sites = await callSites(tree, { source: 'doctest', isModule: false }, index.isWanted, pace);
    index.addCalls(
      file,
      sites.map((site) => ({ ...site, line: lines[site.line - 1] ?? site.line })),
    );
  }
}

function isTest(file: string): boolean {
  return /(^|\/)(tests?|testing)\/|(^|\/)(test_[^/]*|[^/]*_tests?|conftest)\.py$/.test(file);
}

async function* unitTasks(
  files: readonly string[],
  mining: Mining,
  signal: AbortSignal,
): AsyncGenerator<() => Promise<readonly MineEvent[]>> {
  const pace = createPacer(signal);
  for (const file of files) {
    const loaded = await mining.workspace.load(file, signal);
    if (!loaded.ok) {
      yield async () => [lossOf(file, null, loaded.loss, loaded.detail)];
      continue;
    }
    for (const unit of unitsOf(loaded.module)) {
      await pace();
      if (isAsked(file, unit, mining)) yield () => mineUnit(loaded.module, unit, mining, signal);
    }
  }
}

/** Of an edit: the units of the files, and the units that the files call. */
function isAsked(file: string, unit: Unit, { wanted, index }: Mining): boolean {
  if (wanted === undefined || wanted.has(file)) return true;
  return index.callsOf(file, unit.symbol).calls.some((call) => wanted.has(call.file));
}

async function mineUnit(
  module: Module,
  unit: Unit,
  mining: Mining,
  signal: AbortSignal,
): Promise<readonly MineEvent[]> {
  const lose = (loss: Loss, detail = ''): MineEvent[] => [lossOf(module.file, unit.symbol, loss, detail)];
  if (unit.loss !== null || unit.statement === null) return lose(unit.loss ?? 'is-conditional');
  const { calls, notLiteral } = mining.index.callsOf(module.file, unit.symbol);
  if (calls.length === 0) {
    return notLiteral === 0 ? lose('no-call') : lose('call-not-literal', `${notLiteral} calls`);
  }
  const sliced = await sliceProgram(module, unit.statement, mining.workspace, signal);
  if (!sliced.ok) return lose(sliced.loss, sliced.detail);
  const verified = await verifyUnit(sliced, unit, calls, mining, signal);
  const now = await readSource(join(mining.options.folder, module.file), mining.options.maxFileBytes, signal);
  if (!now.ok || now.source.hash !== module.fileHash) return lose('changed');
  return verified.flatMap((its) => [
    ...its.lost.map(({ found, loss, detail }) =>
      lossOf(module.file, unit.symbol, loss, `${found.text}${detail === '' ? '' : `: ${detail}`}`),
    ),
    ...seedEvents(module, unit, its, mining),
  ]);
}

/** Runs a unit's calls; those that gave no literal once more for the list of what they give. */
async function verifyUnit(
  sliced: Sliced,
  unit: Unit,
  calls: readonly FoundCall[],
  { options: { sandbox } }: Mining,
  signal: AbortSignal,
): Promise<readonly VerifiedUnit[]> {
  const verified = await verifyCalls(sliced, [unit.symbol], calls, sandbox, signal);
  const unencodable = verified.lost.filter(({ loss }) => loss === 'unencodable').map(({ found }) => found);
  const wrapper = unencodable.length === 0 ? undefined : listWrapper(sliced, unit.symbol, unit.parameters);
  if (wrapper === undefined) return [verified];
  const names = [wrapper.entry, unit.symbol] as const;
  const asList = await verifyCalls(wrapper.sliced, names, unencodable, sandbox, signal);
  if (asList.kept.length === 0) return [verified];
  return [{ ...verified, lost: verified.lost.filter(({ loss }) => loss !== 'unencodable') }, asList];
}

function seedEvents(
  module: Module,
  unit: Unit,
  { program, entry, kept }: VerifiedUnit,
  mining: Mining,
): MineEvent[] {
  const { options, commit, seen } = mining;
  const { text } = module.tree;
  return kept.map(({ found, output }): MineEvent => {
    const id = contentId(program, entry, found.text);
    if (seen.has(id)) return lossOf(module.file, unit.symbol, 'duplicate', found.text);
    seen.add(id);
    const provenance: Seed['provenance'] = {
      folder: options.folder,
      file: module.file,
      symbol: unit.symbol,
      line: lineAt(text, unit.node.start),
      endLine: lineAt(text, unit.node.end),
      unitHash: createHash('sha256').update(textOf(module.tree, unit.node)).digest('hex'),
      fileHash: module.fileHash,
      commit,
      source: found.source,
      callFile: found.file,
      callLine: found.line,
    };
    const { backend } = options.sandbox;
    return { type: 'seed', seed: { id, program, entry, call: found.text, output, provenance, backend } };
  });
}

function lossOf(file: string, symbol: string | null, loss: Loss, detail: string): MineEvent {
  return { type: 'loss', file, symbol, loss, detail };
}
