import os from 'node:os';
import type { AuditEvent } from '../../../protocol/audit.ts';
import type { Group } from '../../../protocol/group.ts';
import type { PresetName } from '../../../protocol/preset.ts';
import type { Share } from '../../../protocol/report.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Judges } from '../judge/judges.ts';
import type { Endpoint, ModelInfo } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { isLoopback } from '../model/ollama-host.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { eventId } from '../tasks/record-id.ts';
import { playStyles } from './calibrated-styles.ts';
import { choices } from './choices.ts';
import { FormRecord } from './curriculum/form-record.ts';
import { divideTasks } from './divide-tasks.ts';
import { gateSample, sampleSize } from './held-out/gate-sample.ts';
import { heldOutAnswers } from './held-out/held-out-answers.ts';
import { HeldOutEvaluations } from './held-out/held-out-evaluations.ts';
import { holdLease } from './lease-holder.ts';
import type { Finding } from './monitors/finding.ts';
import type { Patience } from './outage.ts';
import { PlayError } from './play-error.ts';
import { namedPreset } from './presets/named-preset.ts';
import { PseudoLabels } from './pseudo-labels/pseudo-labels.ts';
import { unansweredCalls } from './pseudo-labels/unanswered-calls.ts';
import { PatternHistories } from './rewards/pattern-histories.ts';
import { Round } from './round.ts';
import { runLog } from './run-log.ts';
import { modelChanged } from './sampling.ts';
import { type Clock, systemClock } from './scheduling/clock.ts';
import { keepInFlight } from './scheduling/keep-in-flight.ts';
import type { PoolMember } from './scheduling/member.ts';
import { PlayTime } from './scheduling/play-time.ts';
import { Pool, type PoolEvent, TooLate } from './scheduling/pool.ts';
import { type ReadPower, readPower } from './scheduling/power.ts';
import type { QuietHours } from './scheduling/quiet-hours.ts';
import { type SuspendReason, Suspension } from './scheduling/suspension.ts';

export interface PlayOptions {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  readonly model: string;
  /** Wall time to play, minutes; without end where absent. */
  readonly minutes?: number;
  /** Tasks to solve; without end where absent. */
  readonly tasks?: number;
  /** Tokens of completions to draw; without end where absent. Groups that were begun are finished. */
  readonly tokens?: number;
  /** Hours of the day in which a run waits, and the charge of a battery at and below which it does, percent. */
  readonly suspend?: { readonly quiet: QuietHours; readonly minBattery: number };
  readonly randomSeed: number;
  /** Rewards and what goes with them; `autodidact` where absent. A resumed run keeps its own. */
  readonly preset?: PresetName;
  /** Whether attempts may run Python before they answer; as the preset says where absent. A resumed run keeps its own. */
  readonly tools?: boolean;
  /** Put each group into the outbox, to be streamed. */
  readonly stream: boolean;
  /** Ask some tasks of the gate now and then, which monitors need; so where absent. */
  readonly heldOut?: boolean;
  /** Also ask the model what execution cannot answer, on a track of its own (docs/self-play.md, "Pseudo-labels"). */
  readonly pseudoLabels?: boolean;
  /** Go on with this run, which was interrupted, instead of beginning one. */
  readonly resume?: Run;
  /** Take the folder over from another process that plays it. */
  readonly takeOver?: boolean;
}

/** Told while a run goes on, after the record is durable. */
export type PlayEvent =
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'asked' }
  /** The run waits and goes on by itself, or goes on. */
  | { readonly type: 'suspended'; readonly reason: SuspendReason }
  | { readonly type: 'goes-on' }
  | PoolEvent
  /** All of the sample of held-out tasks was asked once more: how many were right. */
  | { readonly type: 'held-out'; readonly right: Share }
  /** The run is measured on nothing, for so few tasks are held out for it. */
  | { readonly type: 'too-few-held-out'; readonly tasks: number }
  /** A monitor fired; what it asks for is done. */
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'group'; readonly group: Group; readonly tasks: readonly Task[] };

export interface PlayParts {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly endpoint: Endpoint;
  readonly onEvent: (event: PlayEvent) => void;
  /** All servers to ask, `endpoint` among them; that one alone, with one slot, where absent. */
  readonly members?: readonly PoolMember[];
  readonly clock?: Clock;
  readonly readPower?: ReadPower;
  readonly patience?: Patience;
  /** Who judges; the real ones where absent. */
  readonly judges?: Judges;
}

/** How often the clock and what suspends a run are looked at, milliseconds. */
const tickMs = 1_000;

/**
 * Self-play on the tasks in the store: propose, validate, solve, judge, reward, record, over the cells, until a
 * budget ends or the signal fires (pause and stop alike: what is done is kept). Holds the lease meanwhile. Resolves to
 * the run as it ended; rejects with `PlayError` where it cannot begin.
 */
export async function play(options: PlayOptions, parts: PlayParts, signal: AbortSignal): Promise<Run> {
  const { store, endpoint, sandbox } = parts;
  const model = await endpoint.model(options.model, signal);
  if (model === undefined)
    throw new PlayError('model-missing', `${endpoint.host} has no model ${options.model}.`);
  const before = resumed(options.resume, model);
  const lease = await holdLease(store, options.takeOver ?? false);
  const stop = AbortSignal.any([signal, lease.lost]);
  const preset = namedPreset(options.preset ?? 'autodidact');
  let run = before ?? {
    id: eventId(),
    folder: options.folder,
    startedAt: new Date().toISOString(),
    endedAt: null,
    state: 'running',
    reason: null,
    model: { name: model.name, digest: model.digest },
    backend: sandbox.backend,
    preset: preset.name,
    estimator: preset.estimator,
    tools: options.tools ?? preset.tools,
    randomSeed: options.randomSeed,
    playedMs: 0,
  };
  const clock = parts.clock ?? systemClock;
  const budgetMs = (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const time = new PlayTime(clock, run.playedMs, budgetMs);
  const suspension = new Suspension({
    clock,
    ...(options.suspend ?? { quiet: { includes: () => false }, minBattery: 0 }),
    readPower: parts.readPower ?? readPower,
    onChange: (reason) => suspended(reason),
  });
  const count = () => time.tick(suspension.reason === undefined);
  const tick = () => {
    count();
    suspension.tick();
  };
  const record = async (change: Partial<Run>) => {
    count();
    run = { ...run, ...change, playedMs: time.playedMs };
    await store.putRun(run);
    await store.audit(runEvent(run, options.resume !== undefined));
    parts.onEvent({ type: 'run', run });
  };
  const suspended = (reason: SuspendReason | undefined) => {
    run = { ...run, state: reason === undefined ? 'running' : 'paused', reason: reason ?? null };
    // What fails here fails again, and is told, with the next record.
    store.putRun({ ...run, playedMs: time.playedMs }).catch(() => undefined);
    parts.onEvent(reason === undefined ? { type: 'goes-on' } : { type: 'suspended', reason });
  };
  const members = parts.members ?? [{ endpoint, slots: 1 }];
  const pool = new Pool({
    members,
    model,
    clear: (signal) => suspension.clear(signal),
    onEvent: parts.onEvent,
    ...(parts.patience ? { patience: parts.patience } : {}),
  });
  const processors = os.availableParallelism();
  // A model that generates here slows down tenfold where it has to share its last processor.
  const kept = members.some(({ endpoint: { host } }) => isLoopback(host)) ? 1 : 0;
  sandbox.share(Math.max(1, processors - kept));
  const stopTicking = clock.every(tickMs, tick);
  try {
    await record({});
    await suspension.begin();
    await pool.begin(stop);
    const ended = await playRounds(options, { ...parts, time }, run, pool, stop);
    await record({ state: 'done', reason: ended, endedAt: new Date().toISOString() });
  } catch (error) {
    const endedAt = new Date().toISOString();
    if (lease.lost.aborted) await record({ state: 'interrupted', reason: 'taken-over', endedAt });
    else if (signal.aborted) await record({ state: 'interrupted', reason: 'stopped', endedAt });
    else {
      await record({ state: 'failed', reason: reasonOf(error), endedAt });
      throw error;
    }
  } finally {
    stopTicking();
    await pool.close();
    sandbox.share(processors);
    await lease.release();
  }
  return run;
}

/** How many groups may wait for their judging while others are drawn, besides those that are being drawn. */
const judgedBehind = 2;

/** The store's note of how patterns went with each version of the model. */
const patternsNote = 'patterns';
/** The store's note of how forms of proposals did. */
const formsNote = 'forms';

/** What the audit log says of a run that began or ended. */
function runEvent({ id, folder, model, state, reason }: Run, resumed: boolean): AuditEvent {
  return state === 'running'
    ? { what: 'run-began', detail: { run: id, folder, model: model.name, digest: model.digest, resumed } }
    : { what: 'run-ended', detail: { run: id, state, reason } };
}

/** Plays groups beside each other, as many as the servers have slots and some that are judged; resolves to why it ended. */
async function playRounds(
  options: PlayOptions,
  parts: PlayParts & { readonly time: PlayTime },
  run: Run,
  pool: Pool,
  signal: AbortSignal,
): Promise<'minutes' | 'tasks' | 'tokens' | 'nothing-to-play' | 'monitor' | 'canary-solved'> {
  const { time } = parts;
  const { tasks: tasksBudget = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY } = options;
  const inTime = AbortSignal.any([signal, time.overtime]);
  const open = await parts.store.tasks({ state: 'open' });
  const { tasks, heldOut } = await divideTasks(open, signal);
  const retired = await parts.store.tasks({ state: 'retired', origin: 'mined' });
  const dropped = retired.filter(
    ({ split, unworthy, trivial }) => split === 'train' && unworthy !== undefined && trivial !== null,
  );
  const groups = options.resume === undefined ? [] : await parts.store.groups({ runId: run.id });
  const log = options.resume === undefined ? [] : await runLog(run.id, parts.store);
  const answers = heldOutAnswers(log);
  const { heldOut: isMeasured = true } = options;
  const gate = isMeasured ? gateSample(open, run.randomSeed) : [];
  const isEnough = gate.length >= sampleSize.least;
  if (isMeasured && !isEnough && options.resume === undefined)
    parts.onEvent({ type: 'too-few-held-out', tasks: gate.length });
  const histories = PatternHistories.read(await parts.store.note(patternsNote));
  const forms = FormRecord.read(await parts.store.note(formsNote), run.model.digest);
  const isOver = () => time.isOver || round.tokensDrawn >= tokens;
  const round: Round = new Round({
    ...parts,
    endpoint: pool.until(isOver),
    begun: pool,
    run,
    histories,
    forms,
    preset: namedPreset(run.preset),
    tools: run.tools,
    styles: await playStyles(parts.store, run.model.digest),
    rates: await parts.store.rates(run.model.digest),
    tasks,
    dropped,
    heldOut,
    // Another seed for each resumption, so that it does not draw the same samples again.
    choices: choices(options.randomSeed + groups.length),
    stream: options.stream,
    counted: groups,
    evaluations: new HeldOutEvaluations(isEnough ? gate : [], answers),
    heldOutAnswers: answers,
    pseudoLabels:
      options.pseudoLabels === true ? await pseudoLabels(run, groups.length, parts.store) : undefined,
  });
  let ended: 'minutes' | 'tasks' | 'tokens' | 'monitor' | 'canary-solved' = 'minutes';
  const over = (why: typeof ended) => {
    ended = why;
    return 'over' as const;
  };
  const begin = (inside: AbortSignal) => {
    if (round.stopped !== undefined) return over(round.stopped);
    if (time.isOver) return over('minutes');
    if (round.tasksSolved >= tasksBudget) return over('tasks');
    if (round.tokensDrawn >= tokens) return over('tokens');
    if (round.tasksSolved + round.solving >= tasksBudget) return 'full';
    return round.next(inside).catch((error: unknown) => goOn(error, pool, parts, inside));
  };
  try {
    const end = await keepInFlight(pool.slots + judgedBehind, begin, inTime);
    return end === 'over' ? ended : 'nothing-to-play';
  } catch (error) {
    if (time.overtime.aborted && !signal.aborted) return 'minutes';
    throw error;
  } finally {
    await parts.store.setNote(patternsNote, histories.text);
    await parts.store.setNote(formsNote, forms.text);
  }
}

async function pseudoLabels({ folder, model }: Run, groups: number, store: Store): Promise<PseudoLabels> {
  const calls = await unansweredCalls(store, folder);
  const labels = await store.pseudoLabels();
  return new PseudoLabels({ calls, labels, version: model.digest, groups }, store);
}

/** Whether a run goes on without a group that failed: not where it was stopped, or where no server is left. */
function goOn(error: unknown, pool: Pool, { onEvent }: PlayParts, signal: AbortSignal): boolean {
  if (error instanceof TooLate) return true;
  const isGroups = ModelError.is(error) || PlayError.is(error, 'model-changed');
  if (!isGroups || signal.aborted || !pool.isUsable) throw error;
  onEvent({ type: 'outage', detail: error.message });
  return true;
}

function resumed(run: Run | undefined, model: ModelInfo): Run | undefined {
  if (run === undefined) return undefined;
  if (run.model.digest !== model.digest) {
    throw modelChanged(run.model.name);
  }
  return { ...run, state: 'running', reason: null, endedAt: null };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return 'unexpected';
}
