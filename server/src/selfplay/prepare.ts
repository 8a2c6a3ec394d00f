import { Kind } from '../../../protocol/kind.ts';
import type { UnansweredCall } from '../../../protocol/pseudo-label.ts';
import type { CallSource, Seed, Split, UnitRef } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';
import { adoptTasks } from '../judge/adopt-tasks.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { trivialSolver } from '../judge/trivial-solver.ts';
import { changedFiles, Fingerprint, fingerprint } from '../mining/fingerprint.ts';
import type { KeptTrees } from '../mining/kept-trees.ts';
import { type MineEvent, type MineOptions, mine } from '../mining/mine.ts';
import type { CallProposer } from '../mining/proposing/call-proposer.ts';
import type { SplitRule } from '../mining/splits/split-rule.ts';
import { ReviewedPatterns } from '../review/reviewed-patterns.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { readNote } from '../store/read-note.ts';
import type { Store } from '../store/store.ts';
import { isOfSeed, tasksFromSeeds } from '../tasks/from-seeds.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { contentId } from '../tasks/record-id.ts';
import { type UnworthyCounts, unworthyCounts, worth } from '../tasks/worth.ts';
import { keepUnanswered } from './pseudo-labels/unanswered-calls.ts';
import { boundExceptions, retireUnworthy } from './unworthy-tasks.ts';

export interface PrepareOptions {
  readonly folder: string;
  /** Only these files, after an edit; all where absent. */
  readonly files?: readonly string[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly exclude: readonly string[];
  readonly sources?: readonly CallSource[];
  readonly split?: SplitRule;
  readonly recording?: NonNullable<MineOptions['recording']>;
  /** The model that may be asked for calls, where these are among the sources. */
  readonly proposer?: CallProposer;
  /** Kept from one edit to the next. */
  readonly trees?: KeptTrees;
}

/** What mining left in the store. `files` were read now: none where nothing changed since the last time. */
export interface Prepared {
  readonly seeds: number;
  readonly tasks: number;
  readonly files: number;
  /** Mined tasks that break a rule of what is worth solving, by rule: retired, and in no other count. */
  readonly unworthy: UnworthyCounts;
}

export interface PrepareParts {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly onEvent: (event: MineEvent) => void;
}

/** Seeds written at once: each batch is one durable transaction, and an interrupt loses at most one. */
const batchSize = 16;

/**
 * Mines a folder into the store: seeds, and the deduction and abduction tasks that they make. Mined tasks of code that
 * changed or is gone become stale. Safe to repeat and to interrupt.
 */
export async function prepare(
  options: PrepareOptions,
  { store, sandbox, onEvent }: PrepareParts,
  signal: AbortSignal,
): Promise<Prepared> {
  const state =
    options.files === undefined ? await changed(options, { store, sandbox, onEvent }, signal) : undefined;
  const edited = options.files ?? state?.files;
  if (edited?.length === 0) {
    await state?.keep();
    return { ...(await counted(store)), files: 0 };
  }
  const seeds: Seed[] = [];
  const unanswered: UnansweredCall[] = [];
  const found = new Set<string>();
  const tests = { files: 0, calls: 0 };
  let files = 0;
  let isWhole = true;
  let pending: Seed[] = [];
  const reviewed = new ReviewedPatterns();
  const flush = async () => {
    await store.putSeeds(pending);
    const tasks = await rated(tasksFromSeeds(pending, new Date().toISOString()), seeds, sandbox, signal);
    await reviewed.refresh(store);
    const isRejected = ({ id }: Task) => reviewed.isRejectedTask(id);
    await store.putTasks(tasks.map((task) => (isRejected(task) ? { ...task, state: 'retired' } : task)));
    for (const { id } of tasks) found.add(id);
    pending = [];
  };
  const before = await store.seeds();
  const { isMinedNow, units } = minedNow(options.folder, edited, before);
  const known = before.filter(({ provenance }) => !isMinedNow(provenance));
  const { proposer } = options;
  const proposing = {
    before: before.filter(({ provenance }) => isMinedNow(provenance)),
    ...(proposer === undefined ? {} : { proposer }),
  };
  const editedOnly = edited === undefined ? {} : { files: edited, units };
  const { folder } = options;
  await store.audit({ what: 'mining-began', detail: { folder, backend: sandbox.backend } });
  for await (const event of mine({ ...options, ...editedOnly, known, proposing, sandbox }, signal)) {
    if (event.type === 'seed') {
      seeds.push(event.seed);
      pending.push(event.seed);
      if (pending.length >= batchSize) await flush();
    } else if (event.type === 'unanswered') unanswered.push(event.call);
    else if (event.type === 'file') files += 1;
    else if (event.type === 'recorded' && event.isLeft) isWhole = false;
    else if (event.type === 'recorded') {
      tests.files += 1;
      tests.calls += event.calls;
    } else if (event.type === 'loss' && event.loss === 'not-asked') isWhole = false;
    onEvent(event);
  }
  await flush();
  await store.audit({ what: 'mined', detail: { folder, files, seeds: seeds.length } });
  if (tests.files > 0) await store.audit({ what: 'tests-recorded', detail: { folder, ...tests } });
  const mined = new Set(seeds.map(({ id }) => id));
  const gone = before.filter(({ id, provenance }) => isMinedNow(provenance) && !mined.has(id));
  await store.removeSeeds(gone.map(({ id }) => id));
  const foundUnits = new Set(seeds.map(({ provenance }) => provenance.unitHash));
  await keepUnanswered(unanswered, folder, isMinedNow, store);
  await retireMissing(isMinedNow, found, foundUnits, store);
  await boundExceptions(options.folder, store);
  const open = await store.tasks({ state: 'open' });
  const made = open.filter((task) => !isOfSeed(task) && task.unit.folder === folder);
  const unworthy = state === undefined ? new Set() : await retireUnworthy(made, store, sandbox, signal);
  await adoptProposed(
    made.filter(({ id }) => !unworthy.has(id)),
    store,
    sandbox,
    signal,
  );
  // Last, so that a mining that was interrupted is done again, and one that left tests or the model goes on with them.
  if (state !== undefined && isWhole && (found.size > 0 || edited !== undefined)) await state.keep();
  return { ...(await counted(store)), files };
}

async function counted(store: Store): Promise<Omit<Prepared, 'files'>> {
  const [{ seeds, openTasks }, retired] = await Promise.all([
    store.counts(),
    store.tasks({ state: 'retired', origin: 'mined' }),
  ]);
  return { seeds, tasks: openTasks, unworthy: unworthyCounts(retired) };
}

/** Mined tasks are mined anew on another backend; what the model or a person wrote is run there, and kept where it holds. */
async function adoptProposed(
  made: readonly Task[],
  store: Store,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<void> {
  const { adopted, retired } = await adoptTasks(made, sandbox, signal);
  await store.putTasks(adopted);
  await store.setTaskState(retired, 'retired', 'backend-changed');
}

/** More changed files than this share of all are mined with all others: less is known of them than it costs to ask. */
const fewChanged = 0.25;

interface FolderState {
  /** The files that changed since the folder was last mined; undefined where all are to be mined. */
  readonly files: readonly string[] | undefined;
  /** Remembers that all of it is mined. */
  keep(): Promise<void>;
}

/** What of a folder is not as it was when it was last mined. */
async function changed(
  options: PrepareOptions,
  { store, sandbox }: PrepareParts,
  signal: AbortSignal,
): Promise<FolderState> {
  const { name: backend, version, python } = sandbox.backend;
  const name = `mined ${options.folder}`;
  const before = readNote(Fingerprint, await store.note(name));
  const rules = contentId(Kind.options.map((kind) => kindSpec(kind).rules));
  const now = await fingerprint(options, `${backend} ${version} ${python} ${rules}`, before, signal);
  const files = changedFiles(before, now);
  // What tests call is not known of an edit: they are run for the whole folder.
  const isEdit =
    files !== undefined &&
    files.length <= fewChanged * Object.keys(now.files).length &&
    (files.length === 0 || options.sources?.includes('recorded') !== true);
  return {
    files: isEdit ? files : undefined,
    keep: () => store.setNote(name, JSON.stringify(now)),
  };
}

/** Which units are mined now: all of a folder, or after an edit those of its files and those whose programs or calls are of them. */
function minedNow(folder: string, files: readonly string[] | undefined, before: readonly Seed[]) {
  const edited = files === undefined ? undefined : new Set(files);
  const units = new Set(
    before
      .filter(
        ({ needs, provenance: { folder: its, callFile } }) =>
          its === folder && [...needs, callFile ?? ''].some((file) => edited?.has(file)),
      )
      .map(({ provenance: { file, symbol } }) => `${file}:${symbol}`),
  );
  const isMinedNow = ({ folder: its, file, symbol }: Pick<UnitRef, 'folder' | 'file' | 'symbol'>) =>
    its === folder && (edited === undefined || edited.has(file) || units.has(`${file}:${symbol}`));
  return { isMinedNow, units: [...units] };
}

/** The tasks with the rule that each breaks, if it does, and the trivial solver that gets it, if one does. */
async function rated(
  tasks: readonly Task[],
  seeds: readonly Seed[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Task[]> {
  const context = trivialContext(seeds);
  const rated: Task[] = [];
  for (const task of tasks) {
    const trivial = await trivialSolver(task, context, sandbox, signal);
    const unworthy = await worth(task, context, sandbox, signal);
    rated.push({ ...task, trivial, ...(unworthy === null ? {} : { state: 'retired', unworthy }) });
  }
  return rated;
}

/** Marks as stale the mined tasks of the files just mined that were not found again, and what was proposed about them. */
async function retireMissing(
  isMinedNow: (unit: UnitRef) => boolean,
  found: ReadonlySet<string>,
  foundUnits: ReadonlySet<string>,
  store: Store,
): Promise<void> {
  const open = await store.tasks({ state: 'open' });
  const here = open.filter(({ unit }) => isMinedNow(unit));
  const isGone = (task: Task) => (isOfSeed(task) ? !found.has(task.id) : !foundUnits.has(task.unit.unitHash));
  const gone = here.filter(isGone);
  await store.setTaskState(
    gone.map(({ id }) => id),
    'stale',
    'code-changed',
  );
  // What is not worth solving is counted no longer once its code is gone.
  const retired = await store.tasks({ state: 'retired', origin: 'mined' });
  const goneUnworthy = retired.flatMap(({ unworthy, ...task }) =>
    unworthy === undefined || !isMinedNow(task.unit) || found.has(task.id) ? [] : [task],
  );
  await store.putTasks(goneUnworthy);
  // What was proposed about a unit is held out with it.
  const splits = new Map<string, Split>(
    here.flatMap(({ id, split, unit }) => (found.has(id) ? [[unit.unitHash, split] as const] : [])),
  );
  const moved = here.flatMap((task) => {
    const split = splits.get(task.unit.unitHash);
    return isOfSeed(task) || split === undefined || split === task.split ? [] : [{ ...task, split }];
  });
  await store.putTasks(moved);
}
