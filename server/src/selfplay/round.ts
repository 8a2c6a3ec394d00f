import type { Group, SolveGroup } from '../../../protocol/group.ts';
import { type Cell, cellName, cells, type Kind } from '../../../protocol/kind.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Pair, Task } from '../../../protocol/task.ts';
import { stillHolds } from '../judge/still-holds.ts';
import { programKey, trivialContext } from '../judge/trivial-context.ts';
import type { ShownAndHidden } from '../judge/trivial-induction.ts';
import type { HeldOut } from '../mining/splits/held-out.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import type { TaskRate } from '../store/store.ts';
import { explainTask } from '../tasks/explain/make.ts';
import { drawPairs } from '../tasks/induction/pairs.ts';
import { easierForm } from '../tasks/proposals/easier-form.ts';
import type { Styles } from '../tasks/styles/style.ts';
import { Archive, type ArchivedProgram } from './archive.ts';
import { evict } from './buffer/evict.ts';
import { Canaries } from './canaries/canaries.ts';
import type { Choices } from './choices.ts';
import { Curriculum } from './curriculum/curriculum.ts';
import { compositionDepth } from './curriculum/depth.ts';
import type { FormRecord } from './curriculum/form-record.ts';
import { modelMsOf, requestsOf, yieldOf } from './group-yield.ts';
import { askedSamples, type HeldOutAnswer } from './held-out/held-out-answers.ts';
import type { HeldOutEvaluations } from './held-out/held-out-evaluations.ts';
import { share } from './interval.ts';
import type { Finding } from './monitors/finding.ts';
import { observeAttempts, observeProposals } from './monitors/observe.ts';
import { Steering } from './monitors/steering.ts';
import { Watch } from './monitors/watch.ts';
import type { PlayParts } from './play.ts';
import type { Preset } from './presets/preset.ts';
import { type ChosenForm, chooseForm, type FormChoice, proposeFitting } from './propose.ts';
import type { PseudoLabels } from './pseudo-labels/pseudo-labels.ts';
import { Evidence } from './rewards/evidence.ts';
import { guessCorrected } from './rewards/learnability.ts';
import type { Measured } from './rewards/measured.ts';
import type { PatternHistories } from './rewards/pattern-histories.ts';
import { solveRate, triedBy } from './rewards/solve-rate.ts';
import type { GroupOrigin } from './sample-record.ts';
import { type Held, InFlight } from './scheduling/in-flight.ts';
import { SetBack } from './scheduling/set-back.ts';
import { measuredPerGroup, shares } from './shares.ts';
import { solveTask } from './solve.ts';
import { TaskChoice } from './task-choice.ts';
import { knownIn } from './validate.ts';

/** One in so many groups of proposals asks for an easier variant, where there is a task that was never solved. */
const easierTurns = 4;

/** Programs whose pairs are tried in one turn until some are worth solving: each costs executions. */
const triedPrograms = 6;

export interface RoundParts extends PlayParts {
  /** The servers as `endpoint`, for what belongs to a group that was begun in time. */
  readonly begun: Endpoint;
  readonly run: Run;
  readonly preset: Preset;
  readonly styles: Styles;
  readonly tools: boolean;
  /** How patterns went with earlier versions of the model; this run's groups are added. */
  readonly histories: PatternHistories;
  /** How proposals of each form went with this version of the model; this run's groups are added. */
  readonly forms: FormRecord;
  /** How tasks went with this version of the model, groups of this run included. */
  readonly rates: readonly TaskRate[];
  readonly tasks: readonly Task[];
  /** Mined tasks that are not worth solving because a trivial solver gets them: they tell how well guessing does. */
  readonly dropped: readonly Task[];
  readonly heldOut: HeldOut;
  readonly choices: Choices;
  readonly stream: boolean;
  /** Asks what is held out that the run is measured on. */
  readonly evaluations: HeldOutEvaluations;
  /** Groups of this run that were recorded before it was resumed, and its answers to what is held out. */
  readonly counted: readonly Group[];
  readonly heldOutAnswers: readonly HeldOutAnswer[];
  /** Absent where none are asked for. */
  readonly pseudoLabels: PseudoLabels | undefined;
}

/** The state of a run between its groups: what there is to play, and how often each cell was played. */
export class Round {
  readonly #parts: RoundParts;
  readonly #archive: Archive;
  #tasks: Task[];
  readonly #origin: GroupOrigin;
  readonly #samples = new Map<string, number>(cells.map((cell) => [cellName(cell), 0]));
  /** How often each task was played, by id. */
  readonly #played = new Map<string, number>();
  /** Tasks whose question is longer than the model's context. */
  readonly #tooLong = new Set<string>();
  readonly #inFlight: InFlight;
  readonly #setBack = new SetBack();
  /** How many are about to choose what they play. */
  #choosing = 0;
  /** Completion tokens of all recorded groups. */
  tokensDrawn = 0;
  /** Programs without pairs worth solving, and how many pairs they had when these were looked for. */
  readonly #withoutPairs = new Map<string, number>();
  /** How often each unit was proposed about, by its hash. */
  readonly #proposedAbout = new Map<string, number>();
  readonly #byId = new Map<string, Task>();
  readonly #evidence: Evidence;
  readonly #curriculum: Curriculum;
  readonly #watch = new Watch();
  readonly #steering = new Steering();
  readonly #choice: TaskChoice;
  readonly #canaries: Canaries;
  /** Groups of the run. */
  #groups = 0;
  tasksSolved = 0;
  /** Milliseconds that the model spent on all recorded groups. */
  #modelMs = 0;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#tasks = [...parts.tasks];
    this.#inFlight = new InFlight(parts.preset.groupSize);
    this.#evidence = new Evidence(parts.preset);
    const ids = new Set(parts.tasks.map(({ id }) => id));
    this.#curriculum = new Curriculum(parts.rates);
    this.#curriculum.forget(parts.rates.flatMap(({ taskId }) => (ids.has(taskId) ? [] : taskId)));
    for (const task of parts.tasks) {
      this.#byId.set(task.id, task);
      this.#evidence.known(task);
    }
    for (const task of parts.dropped) this.#evidence.known(task);
    this.#choice = new TaskChoice({
      evidence: this.#evidence,
      steering: this.#steering,
      choices: parts.choices,
      curriculum: parts.preset.curriculum ? this.#curriculum : undefined,
      limitsFewValued: parts.preset.limitsFewValued,
      isRetired: (task) => parts.preset.retires && parts.histories.isRetired(this.#evidence.pattern(task)),
    });
    this.#archive = new Archive(parts.tasks);
    this.#canaries = new Canaries(parts.counted.length);
    const { id, model, backend, preset, estimator } = parts.run;
    this.#origin = { schema: 1, runId: id, preset, estimator, model, backend };
    const evaluated = askedSamples(parts.heldOutAnswers).filter(({ isWhole }) => isWhole);
    const catchUp = () => {
      for (; evaluated[0] !== undefined && evaluated[0].solved <= this.tasksSolved; evaluated.shift())
        this.#watch.evaluated(evaluated[0]);
    };
    for (const group of parts.counted) {
      catchUp();
      if (group.role === 'propose') this.#evidence.recorded(group);
      this.#count(group, false);
    }
    catchUp();
  }

  /** Tasks that are being solved for their own sake and not counted yet, or may be in a moment. */
  get solving(): number {
    return this.#inFlight.solving + this.#choosing;
  }

  /** What ended the run; undefined while it goes on. */
  get stopped(): 'monitor' | 'canary-solved' | undefined {
    const { stopped } = this.#steering;
    if (stopped === undefined) return undefined;
    return stopped.monitor === 'canary-solved' ? 'canary-solved' : 'monitor';
  }

  /** Plays the cell that had the fewest samples for its share and can be played. False where no cell can be. */
  async next(signal: AbortSignal): Promise<boolean> {
    this.#choosing += 1;
    try {
      // People may review while it plays, also in another process.
      await this.#archive.reviewed.refresh(this.#parts.store);
    } finally {
      this.#choosing -= 1;
    }
    if (this.#parts.evaluations.isDue(this.#progress)) return await this.#askHeldOut(signal);
    const aside = [this.#canaries, this.#parts.pseudoLabels].find((each) => each?.isDue(this.#groups));
    if (aside !== undefined) return await this.#playAside(aside, signal);
    const played = (cell: Cell) =>
      ((this.#samples.get(cellName(cell)) ?? 0) + this.#inFlight.samples(cell)) / shares[cell.kind];
    const isPaused = ({ kind, role }: Cell) =>
      role === 'propose' && this.#steering.holds('pause-proposals', kind);
    const last = (cell: Cell) => Number(isPaused(cell));
    for (const { kind, role } of [...cells].sort((a, b) => last(a) - last(b) || played(a) - played(b))) {
      const playing = this.#inFlight.during({ kind, role }, (held) =>
        role === 'propose' ? this.#propose(kind, held, signal) : this.#solve(kind, held, signal),
      );
      if (await playing) return true;
    }
    return false;
  }

  /** A canary or pseudo-labels in place of a turn: in nothing that is counted here. */
  async #playAside(aside: Canaries | PseudoLabels, signal: AbortSignal): Promise<true> {
    const playable = this.#tasks.filter(({ id }) => !this.#tooLong.has(id));
    const parts = { ...this.#parts, now };
    const found = await aside.play(this.#groups, playable, this.#origin, parts, signal);
    if (found !== undefined) await this.#act([found]);
    return true;
  }

  async #propose(kind: Kind, held: Held, signal: AbortSignal): Promise<boolean> {
    const { preset } = this.#parts;
    const chosen = await this.#chooseForm(kind, signal);
    if (chosen === undefined) return false;
    const trivial = trivialContext(this.#tasks);
    const isKnown = knownIn(this.#parts.store);
    const parts = { ...this.#parts, archive: this.#archive, trivial, isKnown, now };
    this.#parts.onEvent({ type: 'asked' });
    const proposed = await proposeFitting(kind, chosen, this.#origin, parts, signal);
    await this.#parts.store.addTasks(proposed.tasks);
    for (const task of proposed.trivial) this.#evidence.proposed(task);
    for (const task of proposed.tasks) {
      this.#byId.set(task.id, task);
      this.#evidence.proposed(task);
      this.#archive.add(task);
    }
    this.#addTasks(proposed.tasks, held);

    const measured = new Map<string, Omit<Measured, 'siblings'>>();
    const playable = this.#choice.measured(
      proposed.tasks.filter((task) => task.kind === kind),
      preset.groupSize.propose,
    );
    for (const task of playable.slice(0, measuredPerGroup[kind])) {
      try {
        const solving = { ...this.#parts, endpoint: this.#parts.begun, now };
        const group = await solveTask(task, this.#origin, solving, signal);
        await this.#commit(group, []);
        measured.set(task.id, this.#evidence.measure(task, group));
      } catch (error) {
        if (!ModelError.is(error, 'prompt-too-long')) throw error;
        this.#tooLong.add(task.id);
      }
    }
    await this.#commit(proposed.settle(measured), proposed.tasks);
    await this.#evict();
    return true;
  }

  /** Tasks of a group, kept from others until it is settled. Another group may have proposed the same beside it. */
  #addTasks(tasks: readonly Task[], held: Held): void {
    const known = new Set(this.#tasks.map(({ id }) => id));
    for (const task of tasks) {
      held.add(task.id);
      if (!known.has(task.id)) this.#tasks.push(task);
    }
  }

  /** Drops tasks where there are too many proposed ones. */
  async #evict(): Promise<void> {
    const { store, choices } = this.#parts;
    const gone = await evict(this.#tasks, {
      store,
      choices,
      isAccepted: ({ id }) => this.#archive.reviewed.isAcceptedTask(id),
      isAtWork: ({ id }) => this.#inFlight.holds(id),
      standing: (task) => this.#curriculum.standing(task),
      pattern: (task) => `${task.kind}/${this.#evidence.pattern(task)}`,
    });
    if (gone.length > 0) this.#forget(gone);
  }

  /** Forgets tasks that are not played any more, and programs that only they had. */
  #forget(gone: readonly string[]): void {
    const ids = new Set(gone);
    this.#tasks = this.#tasks.filter(({ id }) => !ids.has(id));
    this.#archive.retain(this.#tasks);
    this.#curriculum.forget(gone);
    this.#choice.forget(gone);
    for (const id of gone) {
      this.#byId.delete(id);
      this.#played.delete(id);
      this.#tooLong.delete(id);
      this.#setBack.forget(id);
    }
  }

  /** A form and references; where novelty is asked for, of the units that least was proposed about. */
  #anyForm(kind: Kind): ChosenForm | undefined {
    const { preset, choices, forms } = this.#parts;
    const by: FormChoice = {
      preset,
      choices,
      mayDescribe: (reference) => this.#mayHavePairs(reference),
      ...(preset.curriculum ? { record: forms, depth: compositionDepth(this.#curriculum.skill(kind)) } : {}),
    };
    const references = this.#archive.references();
    if (this.#steering.holds('raise-novelty', kind)) {
      const about = ({ unit }: (typeof references)[number]) => this.#proposedAbout.get(unit.unitHash) ?? 0;
      const least = references.reduce((low, next) => Math.min(low, about(next)), Number.POSITIVE_INFINITY);
      const rare = references.filter((reference) => about(reference) === least);
      const chosen = chooseForm(kind, rare, by);
      if (chosen !== undefined) return chosen;
    }
    return chooseForm(kind, references, by);
  }

  /** A task that was never solved, as the reference for easier variants; undefined where there is none, or it is not their turn. */
  #easierForm(kind: Kind): ChosenForm | undefined {
    const { preset, choices } = this.#parts;
    if (!preset.curriculum || !preset.forms.includes(easierForm.name)) return undefined;
    const parked = this.#curriculum.parked().flatMap((id) => this.#byId.get(id) ?? []);
    const task = choices.one(parked.filter((its) => its.kind === kind));
    if (task === undefined || choices.randomSeed() % easierTurns !== 0) return undefined;
    const archived = this.#archive.program(task);
    if (archived === undefined || archived.pairs.length === 0 || !('call' in task)) return undefined;
    this.#curriculum.askedEasier(task.id);
    // With its own call first, which the prompt shows.
    const others = archived.pairs.filter(([call]) => call !== task.call);
    const pairs =
      archived.pairs.length === others.length ? others : [[task.call, task.output] as Pair, ...others];
    return { form: easierForm, references: [{ ...archived, pairs }] };
  }

  async #solve(kind: Kind, held: Held, signal: AbortSignal): Promise<boolean> {
    if (kind === 'explain') await this.#makeExplainTask(signal);
    const task = this.#chooseTask(kind);
    if (task === undefined) return false;
    held.add(task.id);
    const { sandbox, store } = this.#parts;
    if (!(await stillHolds(task, sandbox, signal))) {
      await store.setTaskState([task.id], 'retired', 'no-longer-holds');
      this.#forget([task.id]);
      return true;
    }
    this.#parts.onEvent({ type: 'asked' });
    try {
      await this.#commit(await solveTask(task, this.#origin, { ...this.#parts, now }, signal), []);
    } catch (error) {
      if (!ModelError.is(error, 'prompt-too-long')) {
        this.#setBack.failed(task.id, this.#groups);
        throw error;
      }
      this.#tooLong.add(task.id);
    }
    return true;
  }

  /** A form with references; one for messages only with a program that has pairs worth solving. */
  async #chooseForm(kind: Kind, signal: AbortSignal): Promise<ChosenForm | undefined> {
    const easier = this.#easierForm(kind);
    if (easier !== undefined) return easier;
    for (let tried = 0; tried < triedPrograms; tried += 1) {
      const chosen = this.#anyForm(kind);
      const [reference] = chosen?.references ?? [];
      if (chosen?.form.name !== 'message' || reference === undefined) return chosen;
      if ((await this.#drawPairs(reference, signal)) !== undefined) return chosen;
    }
    return undefined;
  }

  /** Makes a task to explain a program that has none yet, where there is one with pairs worth solving. */
  async #makeExplainTask(signal: AbortSignal): Promise<void> {
    const { choices, sandbox, store } = this.#parts;
    const explained = new Set(this.#tasks.filter(({ kind }) => kind === 'explain').map(programKey));
    const left = this.#archive
      .references()
      .filter((reference) => !explained.has(programKey(reference)) && this.#mayHavePairs(reference));
    for (const reference of choices.some(left, triedPrograms)) {
      const drawn = await this.#drawPairs(reference, signal);
      if (drawn === undefined) continue;
      const task = explainTask(reference, drawn, sandbox.backend, now());
      await store.putTasks([task]);
      this.#tasks.push(task);
      this.#byId.set(task.id, task);
      return;
    }
  }

  /** Pairs of a program that are worth solving; undefined where there are none, which is remembered until it has more of them. */
  async #drawPairs(reference: ArchivedProgram, signal: AbortSignal): Promise<ShownAndHidden | undefined> {
    const { sandbox } = this.#parts;
    const drawn = await drawPairs(reference, sandbox, signal);
    if (typeof drawn !== 'string') return drawn;
    this.#withoutPairs.set(programKey(reference), reference.pairs.length);
    return undefined;
  }

  #mayHavePairs(reference: ArchivedProgram): boolean {
    return this.#withoutPairs.get(programKey(reference)) !== reference.pairs.length;
  }

  #chooseTask(kind: Kind): Task | undefined {
    const { reviewed } = this.#archive;
    const isFree = ({ id }: Task) => !this.#tooLong.has(id) && !this.#inFlight.holds(id);
    const open = this.#tasks.filter(
      (task) => task.kind === kind && isFree(task) && !reviewed.isRejectedTask(task.id),
    );
    const ready = open.filter(({ id }) => !this.#setBack.isWaiting(id, this.#groups));
    return this.#choice.choose(ready.length > 0 ? ready : open, ({ id }) => this.#played.get(id) ?? 0);
  }

  async #commit(group: Group, tasks: readonly Task[]): Promise<void> {
    const { store, stream, onEvent } = this.#parts;
    await store.commitGroup(group, { tasks, stream });
    this.#steering.played();
    const findings = this.#count(group, true);
    onEvent({ type: 'group', group, tasks });
    await this.#act(findings);
  }

  get #progress() {
    return { solved: this.tasksSolved, modelMs: this.#modelMs };
  }

  /** A held-out task in place of a turn; how the sample did is told to the monitors when all of it was asked. */
  async #askHeldOut(signal: AbortSignal): Promise<true> {
    this.#parts.onEvent({ type: 'asked' });
    const asked = await this.#parts.evaluations.ask(this.#progress, this.#parts, signal);
    if (asked === undefined) return true;
    this.#parts.onEvent({ type: 'held-out', right: share(asked.right, asked.judged) });
    await this.#act(this.#watch.evaluated(asked));
    return true;
  }

  async #act(findings: readonly Finding[]): Promise<void> {
    const { store, onEvent, run } = this.#parts;
    for (const finding of findings) {
      this.#steering.act(finding);
      await store.audit({ what: 'monitor', detail: { runId: run.id, ...finding } });
      onEvent({ type: 'finding', finding });
    }
  }

  #remember(task: Task, { samples, model, trainable }: SolveGroup): void {
    const { histories, stream } = this.#parts;
    const rate = solveRate(samples.map(({ verdict }) => verdict));
    if (rate === undefined) return;
    const corrected = guessCorrected(rate, this.#evidence.chance(task));
    const group = { version: model.digest, corrected, streamed: stream && trainable };
    histories.add(this.#evidence.pattern(task), group);
  }

  /** Counts a group, and says what monitors find after it. `isNew`: it was played now, not by an earlier process of the run. */
  #count(group: Group, isNew: boolean): Finding[] {
    const name = cellName(group);
    this.#groups += 1;
    this.#samples.set(name, (this.#samples.get(name) ?? 0) + requestsOf(group));
    for (const { completionTokens } of group.samples) this.tokensDrawn += completionTokens;
    for (const sample of group.samples) this.#modelMs += modelMsOf(sample);
    if (group.role === 'propose') {
      const { unitHash } = group.unit;
      this.#proposedAbout.set(unitHash, (this.#proposedAbout.get(unitHash) ?? 0) + 1);
      if (isNew) this.#parts.forms.add(group.kind, group.form, yieldOf(group));
      const ids = new Set(group.samples.flatMap(({ taskId }) => taskId ?? []));
      const tasks = [...ids].flatMap((id) => this.#byId.get(id) ?? []);
      const patterns = tasks.map((task) => this.#evidence.pattern(task));
      return this.#watch.proposed(group.kind, observeProposals(group, patterns));
    }
    this.#played.set(group.taskId, (this.#played.get(group.taskId) ?? 0) + 1);
    this.#setBack.forget(group.taskId);
    this.tasksSolved += 1;
    const task = this.#byId.get(group.taskId);
    if (task === undefined) return [];
    if (isNew) this.#curriculum.add(task, triedBy(group.samples.map(({ verdict }) => verdict)));
    // What a message gains is a difference: no rate that monitors or guessing could be measured by.
    if (task.kind === 'explain') return [];
    this.#choice.played(task);
    this.#evidence.played(task, group);
    if (isNew) this.#remember(task, group);
    const guess = { chance: this.#evidence.chance(task), fewValues: this.#evidence.hasFewValues(task) };
    const observation = observeAttempts(group, this.#parts.preset, guess);
    return this.#watch.solved(group.kind, observation);
  }
}

const now = () => new Date().toISOString();
