import os from 'node:os';
import type { AuditEvent } from '../../../protocol/audit.ts';
import type { Group } from '../../../protocol/group.ts';
import type { PresetName } from '../../../protocol/preset.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Judges } from '../judge/judges.ts';
import type { Endpoint, ModelInfo } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { eventId } from '../tasks/record-id.ts';
import { playStyles } from './calibrated-styles.ts';
import { choices } from './choices.ts';
import { FormRecord } from './curriculum/form-record.ts';
import { divideTasks } from './divide-tasks.ts';
import { holdLease } from './lease-holder.ts';
import type { Finding } from './monitors/finding.ts';
import type { HeldOutObservation } from './monitors/observation.ts';
import { outage, type Revive } from './outage.ts';
import { PlayError } from './play-error.ts';
import { namedPreset } from './presets/named-preset.ts';
import { PatternHistories } from './rewards/pattern-histories.ts';
import { Round } from './round.ts';

export interface PlayOptions {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  readonly model: string;
  /** Wall time to play, minutes; without end where absent. */
  readonly minutes?: number;
  /** Tasks to solve; without end where absent. */
  readonly tasks?: number;
  readonly randomSeed: number;
  /** Rewards and what goes with them; `autodidact` where absent. A resumed run keeps its own. */
  readonly preset?: PresetName;
  /** Put each group into the outbox, to be streamed. */
  readonly stream: boolean;
  /** Go on with this run, which was interrupted, instead of beginning one. */
  readonly resume?: Run;
  /** Take the folder over from another process that plays it. */
  readonly takeOver?: boolean;
}

/** Told while a run goes on, after the record is durable. */
export type PlayEvent =
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'asked' }
  /** The endpoint stopped answering; the run waits for it. */
  | { readonly type: 'outage'; readonly detail: string }
  /** A monitor fired; what it asks for is done. */
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'group'; readonly group: Group; readonly tasks: readonly Task[] };

export interface PlayParts {
  readonly store: Store;
  readonly sandbox: Sandbox;
  readonly endpoint: Endpoint;
  readonly onEvent: (event: PlayEvent) => void;
  readonly revive?: Revive;
  /** Who judges; the real ones where absent. */
  readonly judges?: Judges;
  /** Evaluates the model on held-out tasks, for the monitors: asked now and then. Without it rewards alone are seen. */
  readonly evaluate?: (signal: AbortSignal) => Promise<HeldOutObservation>;
}

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
  const lease = await holdLease(store, options.takeOver ?? false);
  const stop = AbortSignal.any([signal, lease.lost]);
  const begun = performance.now();
  const preset = namedPreset(options.preset ?? 'autodidact');
  let run = resumed(options.resume, model) ?? {
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
    randomSeed: options.randomSeed,
    playedMs: 0,
  };
  const playedBefore = run.playedMs;
  const record = async (change: Partial<Run>) => {
    run = { ...run, ...change, playedMs: playedBefore + performance.now() - begun };
    await store.putRun(run);
    await store.audit(runEvent(run, options.resume !== undefined));
    parts.onEvent({ type: 'run', run });
  };
  const processors = os.availableParallelism();
  // The model generates meanwhile; it slows down tenfold where it has to share its last processor.
  sandbox.share(Math.max(1, processors - 1));
  try {
    await record({});
    const ended = await playRounds(options, parts, run, model, stop);
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
    sandbox.share(processors);
    await lease.release();
  }
  return run;
}

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

/** How long a group that was begun in time may go on after the time is over, milliseconds; then it is given up. */
const overtimeMs = 15_000;

/** Plays group after group; resolves to why it ended. */
async function playRounds(
  options: PlayOptions,
  parts: PlayParts,
  run: Run,
  model: ModelInfo,
  signal: AbortSignal,
): Promise<'minutes' | 'tasks' | 'nothing-to-play' | 'monitor' | 'canary-solved'> {
  const { endpoint } = parts;
  const leftMs = (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000 - run.playedMs;
  const deadline = performance.now() + leftMs;
  const overtime = new AbortController();
  const overtimeTimer = Number.isFinite(leftMs)
    ? setTimeout(() => overtime.abort(), leftMs + overtimeMs)
    : undefined;
  const inTime = AbortSignal.any([signal, overtime.signal]);
  const open = await parts.store.tasks({ state: 'open' });
  const { tasks, heldOut } = await divideTasks(open, signal);
  const retired = await parts.store.tasks({ state: 'retired', origin: 'mined' });
  const dropped = retired.filter(
    ({ split, unworthy, trivial }) => split === 'train' && unworthy !== undefined && trivial !== null,
  );
  const groups = options.resume === undefined ? [] : await parts.store.groups({ runId: run.id });
  const histories = PatternHistories.read(await parts.store.note(patternsNote));
  const forms = FormRecord.read(await parts.store.note(formsNote), model.digest);
  const round = new Round({
    ...parts,
    run,
    histories,
    forms,
    preset: namedPreset(run.preset),
    styles: await playStyles(parts.store, run.model.digest),
    rates: await parts.store.rates(model.digest),
    tasks,
    dropped,
    heldOut,
    // Another seed for each resumption, so that it does not draw the same samples again.
    choices: choices(options.randomSeed + groups.length),
    stream: options.stream,
    counted: groups,
  });
  try {
    while (performance.now() < deadline) {
      if (round.tasksSolved >= (options.tasks ?? Number.POSITIVE_INFINITY)) return 'tasks';
      try {
        if (!(await round.next(inTime))) return 'nothing-to-play';
      } catch (error) {
        if (overtime.signal.aborted && !signal.aborted) return 'minutes';
        if (!ModelError.is(error) || signal.aborted) throw error;
        parts.onEvent({ type: 'outage', detail: error.message });
        await outage(error, endpoint, parts.revive, signal);
      }
      if (round.stopped !== undefined) return round.stopped;
      const now = await endpoint.model(options.model, signal);
      if (now?.digest !== model.digest) {
        throw new PlayError(
          'model-changed',
          `${options.model} is now another model than the one this run began with.`,
        );
      }
    }
    return 'minutes';
  } finally {
    await parts.store.setNote(patternsNote, histories.text);
    await parts.store.setNote(formsNote, forms.text);
    clearTimeout(overtimeTimer);
  }
}

function resumed(run: Run | undefined, model: ModelInfo): Run | undefined {
  if (run === undefined) return undefined;
  if (run.model.digest !== model.digest) {
    throw new PlayError(
      'model-changed',
      `${run.model.name} is now another model than the one the run began with.`,
    );
  }
  return { ...run, state: 'running', reason: null, endedAt: null };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return 'unexpected';
}
