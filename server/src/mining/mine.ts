import { type CallSource, type Seed, usualSources } from '../../../protocol/seed.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { type CallIndex, createCallIndex } from './calls/call-index.ts';
import { createExampleIndex } from './examples/example-index.ts';
import { findFiles } from './files/find-files.ts';
import { isTestFile } from './files/test-file.ts';
import { currentCommit, firstCommitDays } from './git.ts';
import type { FoundInText } from './indexing/file-index.ts';
import { indexFiles } from './indexing/index-files.ts';
import type { KeptTrees } from './kept-trees.ts';
import { KnownPrograms } from './known-programs.ts';
import { lossOf, type MineEvent } from './mine-event.ts';
import { mineUnit, type UnitMining } from './mine-unit.ts';
import { overlap } from './overlap.ts';
import { createPacer } from './pacer.ts';
import type { Proposing } from './proposing/add-proposed.ts';
import type { CallProposer } from './proposing/call-proposer.ts';
import { Proposals } from './proposing/proposals.ts';
import { ProposedBefore } from './proposing/proposed-before.ts';
import { recordCalls } from './recording/record-calls.ts';
import { RecordedCalls } from './recording/recorded-calls.ts';
import { relevantFiles } from './relevant-files.ts';
import { HeldOut } from './splits/held-out.ts';
import type { SplitRule } from './splits/split-rule.ts';
import { UnitSplits } from './splits/unit-splits.ts';
import { topLevelSymbol, type Unit, unitsOf } from './units.ts';
import { openWorkspace, packagesBeside } from './workspace.ts';

export type { Loss } from './losses.ts';
export type { MineEvent } from './mine-event.ts';

export interface MineOptions {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Globs left out, beside `.gitignore`. */
  readonly exclude: readonly string[];
  /** Only these files (paths within the folder): an edit re-mines what it changed. All files where absent. */
  readonly files?: readonly string[];
  /** Beside those of `files`, units to be mined again, as `file:symbol`: their programs have code of edited files. */
  readonly units?: readonly string[];
  /** Trees of the files that were edited last, kept from one edit to the next. */
  readonly trees?: KeptTrees;
  /** Where calls may come from; from everywhere where absent. */
  readonly sources?: readonly CallSource[];
  /** How units are divided into those to learn from and those held out; by unit where absent. */
  readonly split?: SplitRule;
  /** Seeds of other files, mined before: nothing of them is mined a second time, nor learnt from where it is held out. */
  readonly known?: readonly Seed[];
  /** Only units of this name, `symbol` or `file:symbol`, each with the steps that were taken. */
  readonly explain?: string;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly sandbox: Sandbox;
  /** How the folder's own tests are run, where calls are to be recorded of them: the interpreter, and where the cache is. */
  readonly recording?: { readonly python: string; readonly env: NodeJS.ProcessEnv };
  /** Where calls are to come from a model. */
  readonly proposing?: ProposingOptions;
}

/** Calls proposed by a model. */
export interface ProposingOptions {
  /** The model that may be asked; none where absent. */
  readonly proposer?: CallProposer;
  /** Seeds of the units that are mined, as they were: what a model proposed of them before is tried instead of asking it again. */
  readonly before?: readonly Seed[];
}

/** All test files of a folder are run for this long, in one mining. */
const recordingMs = 5 * 60_000;

/** Units whose calls are in the sandbox at a time. */
const unitsAtATime = 3;

/** Turns the Python files and notebooks of a folder into verified seeds, with what was lost on the way and why. */
export async function* mine(options: MineOptions, signal: AbortSignal): AsyncGenerator<MineEvent> {
  const stop = new AbortController();
  try {
    yield* mineUntil(options, AbortSignal.any([signal, stop.signal]));
  } finally {
    stop.abort();
  }
}

async function* mineUntil(options: MineOptions, signal: AbortSignal): AsyncGenerator<MineEvent> {
  const { folder } = options;
  const found = await findFiles(options, signal);
  const code = [...found.python, ...found.notebooks];
  yield { type: 'found', files: code.length, skipped: found.skipped };
  for (const path of found.unreadable) yield lossOf(path, null, 'unreadable', 'folder');
  if (found.truncated) yield lossOf('', null, 'too-many-files', `more than ${options.maxFiles}`);

  const packages = packagesBeside(found.python, options.sandbox.packages);
  const workspace = openWorkspace(found.python, { ...options, packages });
  const index = createCallIndex(workspace);
  const edited = options.files === undefined ? undefined : new Set(options.files);
  const also = new Set(options.units);
  const files =
    edited === undefined ? code : await relevantFiles(edited, code, { ...options, workspace, also }, signal);
  const { splits, firstDays, programs } = await knownBefore(options, signal);
  const units = new Map<string, IndexedUnits>();
  const texts: { readonly file: string; readonly found: FoundInText }[] = [];
  for await (const each of indexFiles(files, found.documents, { ...options, packages, edited }, signal)) {
    const { file } = each;
    if (each.ok === false) {
      yield lossOf(file, null, each.loss, each.detail);
      continue;
    }
    texts.push({ file, found: { sites: each.sites, examples: each.examples } });
    if (each.ok === 'document') continue;
    for (const { loss, detail } of each.lost) yield lossOf(file, null, loss, detail);
    index.addModule(file, each);
    splits.add(file, each.prints, { package: workspace.packageOf(file), since: firstDays.get(file) ?? null });
    units.set(file, { fileHash: each.fileHash, units: each.units });
    if (edited?.has(file) ?? true) yield { type: 'file', file, units: each.units.length };
  }
  await splits.settle(signal);
  const names = [...units.values()]
    .flatMap(({ units: its }) => its)
    .map(({ symbol }) => symbol.slice(symbol.lastIndexOf('.') + 1));
  const examples = createExampleIndex(new Set(names));
  const pace = createPacer(signal);
  for (const { file, found: its } of texts) {
    await pace();
    index.addCalls(file, its.sites);
    examples.add(its.examples);
  }

  const commit = await currentCommit(folder, signal);
  const sources = new Set<CallSource>(options.sources ?? usualSources);
  const recorded = new RecordedCalls();
  if (sources.has('recorded')) yield* record(options, found.python, recorded, signal);
  const tellsSteps = options.explain !== undefined;
  const proposing = sources.has('model') ? proposingOf(options) : undefined;
  const known = { splits, programs, units, index, examples, recorded, proposing, tellsSteps };
  const mining: Mining = { ...options, ...known, sources, workspace, commit, edited, also };
  for await (const events of overlap(unitTasks(mining, signal), unitsAtATime)) {
    yield* events;
    const end = proposing?.proposals?.takeEnd();
    if (end !== undefined) yield lossOf('', null, end.loss, end.detail);
  }
}

function proposingOf({ proposing: { proposer, before = [] } = {} }: MineOptions): Proposing {
  const proposals = proposer === undefined ? undefined : new Proposals(proposer);
  return { before: new ProposedBefore(before), proposals };
}

/** Takes the calls that the folder's own tests make. An edit runs no tests: what they called before is asked again. */
async function* record(
  options: MineOptions,
  files: readonly string[],
  recorded: RecordedCalls,
  signal: AbortSignal,
): AsyncGenerator<MineEvent> {
  const { recording, files: edited } = options;
  if (recording === undefined) return;
  const tests = files.filter(isTestFile);
  const budgetMs = edited === undefined ? recordingMs : 0;
  for await (const { test, calls, problem, isLeft } of recordCalls(
    { ...options, ...recording, files, tests, budgetMs },
    signal,
  )) {
    recorded.add(test, calls);
    yield { type: 'recorded', file: test, calls: calls.length, isLeft: isLeft === true };
    if (problem !== undefined) yield lossOf(test, null, 'not-recorded', problem);
  }
}

/** What was mined before, and what decides splits besides the code. */
async function knownBefore({ folder, split = { by: 'unit' }, known = [] }: MineOptions, signal: AbortSignal) {
  const heldOut = await HeldOut.of(known, signal);
  const programs = new KnownPrograms(known);
  const firstDays =
    split.by === 'commit-date' ? await firstCommitDays(folder, signal) : new Map<string, string>();
  return { splits: new UnitSplits(split, heldOut), firstDays, programs };
}

/** What is kept of a unit until its turn comes: no syntax. */
type KnownUnit = Pick<Unit, 'symbol' | 'loss'>;

/** The units of a file as it was when it was indexed. */
interface IndexedUnits {
  readonly fileHash: string;
  readonly units: readonly KnownUnit[];
}

interface Mining extends UnitMining {
  readonly units: ReadonlyMap<string, IndexedUnits>;
  readonly index: CallIndex;
  readonly edited: ReadonlySet<string> | undefined;
  readonly also: ReadonlySet<string>;
  readonly explain?: string;
}

/** One task for each unit that has calls to run, and one for what is lost of a file without looking further. */
async function* unitTasks(
  mining: Mining,
  signal: AbortSignal,
): AsyncGenerator<() => Promise<readonly MineEvent[]>> {
  // What is held out comes first: what returns the same as it must then be held out, too.
  for (const heldOut of [true, false]) yield* unitTasksOf(heldOut, mining, signal);
}

async function* unitTasksOf(
  heldOut: boolean,
  mining: Mining,
  signal: AbortSignal,
): AsyncGenerator<() => Promise<readonly MineEvent[]>> {
  const { workspace, index, splits } = mining;
  const pace = createPacer(signal);
  for (const [file, { fileHash, units }] of mining.units) {
    const lost: MineEvent[] = [];
    const minable = new Set<string>();
    const isTheirTurn = ({ symbol }: KnownUnit) =>
      (splits.of(file, topLevelSymbol(symbol)) !== 'train') === heldOut;
    for (const unit of units.filter((each) => isTheirTurn(each) && isAsked(file, each, mining))) {
      const loss = screen(file, unit);
      if (loss === undefined) minable.add(unit.symbol);
      else lost.push(loss);
    }
    await pace();
    yield async () => lost;
    if (minable.size === 0) continue;
    const loaded = await workspace.load(file, signal);
    if (!loaded.ok) {
      yield async () => [lossOf(file, null, loaded.loss, loaded.detail)];
      continue;
    }
    // What is known of its calls and its split is of the file as it was.
    const known = loaded.module.fileHash === fileHash ? unitsOf(loaded.module) : [];
    for (const unit of known) {
      if (!minable.delete(unit.symbol)) continue;
      await pace();
      yield () => mineUnit(loaded.module, unit, index.callsOf(file, unit.symbol), mining, signal);
    }
    yield async () => [...minable].map((symbol) => lossOf(file, symbol, 'changed', ''));
  }
}

/** Of an edit: the units of the files, those that have code of them, and those that the files call. */
function isAsked(file: string, { symbol }: KnownUnit, { edited, also, explain, index }: Mining): boolean {
  if (explain !== undefined)
    return `/${file}:${symbol}`.endsWith(`/${explain}`) || `.${symbol}`.endsWith(`.${explain}`);
  if (edited === undefined || edited.has(file) || also.has(`${file}:${symbol}`)) return true;
  return index.callsOf(file, symbol).calls.some(({ file: from }) => from !== null && edited.has(from));
}

/** Why a unit gives nothing, as far as that shows from its kind. */
function screen(file: string, { symbol, loss }: KnownUnit): MineEvent | undefined {
  return loss === null ? undefined : lossOf(file, symbol, loss, '');
}
