import type { Group } from '../../../protocol/group.ts';
import { type Cell, cellName, cells, type Kind } from '../../../protocol/kind.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import { stillHolds } from '../judge/still-holds.ts';
import { programKey, trivialContext } from '../judge/trivial-context.ts';
import type { HeldOut } from '../mining/splits/held-out.ts';
import { ModelError } from '../model/model-error.ts';
import { explainTask } from '../tasks/explain/make.ts';
import { drawPairs } from '../tasks/induction/pairs.ts';
import type { ShownAndHidden } from '../tasks/induction/worth.ts';
import { Archive, type ArchivedProgram } from './archive.ts';
import type { Choices } from './choices.ts';
import type { PlayParts } from './play.ts';
import { chooseForm, proposeTasks } from './propose.ts';
import { solveRate } from './rewards.ts';
import type { GroupOrigin } from './sample-record.ts';
import { solveTask } from './solve.ts';

/**
 * How many of a group's valid proposals are played to measure their learnability. The others are kept as tasks and paid
 * without it: eight induction messages alone would take ten minutes on two cores.
 */
const measuredPerGroup: Readonly<Record<Kind, number>> = {
  deduction: 8,
  abduction: 8,
  induction: 2,
  explain: 0,
};

/** How much of the model each kind gets against the others, counted in samples: those that judge a message among them. */
const shares: Readonly<Record<Kind, number>> = { deduction: 1, abduction: 1, induction: 1, explain: 0.5 };

/** Programs whose pairs are tried in one turn until some are worth solving: each costs executions. */
const triedPrograms = 6;

export interface RoundParts extends PlayParts {
  readonly run: Run;
  readonly tasks: readonly Task[];
  readonly heldOut: HeldOut;
  readonly choices: Choices;
  readonly stream: boolean;
  /** Groups of this run that were recorded before it was resumed. */
  readonly counted: readonly Group[];
}

/** The state of a run between its groups: what there is to play, and how often each cell was played. */
export class Round {
  readonly #parts: RoundParts;
  readonly #archive: Archive;
  readonly #tasks: Task[];
  readonly #origin: GroupOrigin;
  readonly #samples = new Map<string, number>(cells.map((cell) => [cellName(cell), 0]));
  /** How often each task was played, by id. */
  readonly #played = new Map<string, number>();
  /** Tasks whose question is longer than the model's context. */
  readonly #tooLong = new Set<string>();
  /** Programs without pairs worth solving, and how many pairs they had when these were looked for. */
  readonly #withoutPairs = new Map<string, number>();
  tasksSolved = 0;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#tasks = [...parts.tasks];
    this.#archive = new Archive(parts.tasks);
    const { id, model, backend } = parts.run;
    this.#origin = { schema: 1, runId: id, model, backend };
    for (const group of parts.counted) this.#count(group);
  }

  /** Plays the cell that had the fewest samples for its share and can be played. False where no cell can be. */
  async next(signal: AbortSignal): Promise<boolean> {
    const played = (cell: Cell) => (this.#samples.get(cellName(cell)) ?? 0) / shares[cell.kind];
    for (const { kind, role } of [...cells].sort((a, b) => played(a) - played(b))) {
      if (role === 'propose' ? await this.#propose(kind, signal) : await this.#solve(kind, signal))
        return true;
    }
    return false;
  }

  async #propose(kind: Kind, signal: AbortSignal): Promise<boolean> {
    const { sandbox } = this.#parts;
    const chosen = await this.#chooseForm(kind, signal);
    if (chosen === undefined) return false;
    const trivial = trivialContext(this.#tasks);
    const parts = { ...this.#parts, archive: this.#archive, trivial, now };
    this.#parts.onEvent({ type: 'asked' });
    const proposed = await proposeTasks(kind, chosen, this.#origin, parts, signal);
    await this.#parts.store.putTasks(proposed.tasks);
    for (const task of proposed.tasks) this.#archive.add(task);
    this.#tasks.push(...proposed.tasks);

    const solveRates = new Map<string, number | undefined>();
    const playable = proposed.tasks.filter((task) => task.kind === kind);
    for (const task of playable.slice(0, measuredPerGroup[kind])) {
      try {
        const group = await solveTask(task, this.#origin, { ...this.#parts, sandbox, now }, signal);
        solveRates.set(task.id, solveRate(group.samples.map(({ verdict }) => verdict)));
        await this.#commit(group, []);
      } catch (error) {
        if (!ModelError.is(error, 'prompt-too-long')) throw error;
        this.#tooLong.add(task.id);
      }
    }
    await this.#commit(proposed.settle(solveRates), proposed.tasks);
    return true;
  }

  async #solve(kind: Kind, signal: AbortSignal): Promise<boolean> {
    if (kind === 'explain') await this.#makeExplainTask(signal);
    const task = this.#chooseTask(kind);
    if (task === undefined) return false;
    const { sandbox, store } = this.#parts;
    if (!(await stillHolds(task, sandbox, signal))) {
      await store.setTaskState([task.id], 'retired');
      this.#tasks.splice(this.#tasks.indexOf(task), 1);
      return true;
    }
    this.#parts.onEvent({ type: 'asked' });
    try {
      await this.#commit(await solveTask(task, this.#origin, { ...this.#parts, now }, signal), []);
    } catch (error) {
      if (!ModelError.is(error, 'prompt-too-long')) throw error;
      this.#tooLong.add(task.id);
    }
    return true;
  }

  /** A form with references; one for messages only with a program that has pairs worth solving. */
  async #chooseForm(kind: Kind, signal: AbortSignal): Promise<ReturnType<typeof chooseForm>> {
    const { choices } = this.#parts;
    for (let tried = 0; tried < triedPrograms; tried += 1) {
      const chosen = chooseForm(kind, this.#archive.references(), choices, (reference) =>
        this.#mayHavePairs(reference),
      );
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

  /** One of the tasks that were played least, those that a trivial solver gets only where there is no other. */
  #chooseTask(kind: Kind): Task | undefined {
    const open = this.#tasks.filter((task) => task.kind === kind && !this.#tooLong.has(task.id));
    const hard = open.filter(({ trivial }) => trivial === null);
    const candidates = hard.length > 0 ? hard : open;
    const played = ({ id }: Task) => this.#played.get(id) ?? 0;
    const least = candidates.reduce((low, task) => Math.min(low, played(task)), Number.POSITIVE_INFINITY);
    return this.#parts.choices.one(candidates.filter((task) => played(task) === least));
  }

  async #commit(group: Group, tasks: readonly Task[]): Promise<void> {
    await this.#parts.store.commitGroup(group, { tasks, stream: this.#parts.stream });
    this.#count(group);
    this.#parts.onEvent({ type: 'group', group, tasks });
  }

  #count(group: Group): void {
    const name = cellName(group);
    this.#samples.set(name, (this.#samples.get(name) ?? 0) + requestsOf(group));
    if (group.role === 'propose') return;
    this.#played.set(group.taskId, (this.#played.get(group.taskId) ?? 0) + 1);
    this.tasksSolved += 1;
  }
}

/** What was asked of the model for a group: its samples, and the programs that were rebuilt from its different messages. */
function requestsOf({ samples }: Group): number {
  const tried = new Map<string | null, number>();
  for (const { answer, verdict } of samples)
    if (verdict.verdict === 'gained') tried.set(answer, verdict.with.of);
  return samples.length + [...tried.values()].reduce((sum, count) => sum + count, 0);
}

const now = () => new Date().toISOString();
