import type { Group } from '../../../protocol/group.ts';
import { type Cell, cellName, cells, type Kind } from '../../../protocol/kind.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import { stillHolds } from '../judge/still-holds.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import type { HeldOut } from '../mining/splits/held-out.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import { Archive } from './archive.ts';
import type { Choices } from './choices.ts';
import type { PlayParts } from './play.ts';
import { chooseForm, proposeTasks } from './propose.ts';
import { solveRate } from './rewards.ts';
import type { GroupOrigin } from './sample-record.ts';
import { groupSize } from './sampling.ts';
import { type Held, InFlight } from './scheduling/in-flight.ts';
import { solveTask } from './solve.ts';

/**
 * How many of a group's valid proposals are played to measure their learnability. The others are kept as tasks and paid
 * without it: eight induction messages alone would take ten minutes on two cores.
 */
const measuredPerGroup: Readonly<Record<Kind, number>> = { deduction: 8, abduction: 8, induction: 2 };

export interface RoundParts extends PlayParts {
  /** The servers as `endpoint`, for what belongs to a group that was begun in time. */
  readonly begun: Endpoint;
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
  readonly #inFlight = new InFlight(groupSize);
  tasksSolved = 0;
  /** Completion tokens of all recorded groups. */
  tokensDrawn = 0;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#tasks = [...parts.tasks];
    this.#archive = new Archive(parts.tasks);
    const { id, model, backend } = parts.run;
    this.#origin = { schema: 1, runId: id, model, backend };
    for (const group of parts.counted) this.#count(group);
  }

  /** Tasks that are being solved for their own sake and not counted yet. */
  get solving(): number {
    return this.#inFlight.solving;
  }

  /** Plays the cell that had the fewest samples and can be played. False where no cell can be. */
  async next(signal: AbortSignal): Promise<boolean> {
    const samples = (cell: Cell) => (this.#samples.get(cellName(cell)) ?? 0) + this.#inFlight.samples(cell);
    for (const { kind, role } of [...cells].sort((a, b) => samples(a) - samples(b))) {
      const played = this.#inFlight.during({ kind, role }, (held) =>
        role === 'propose' ? this.#propose(kind, held, signal) : this.#solve(kind, held, signal),
      );
      if (await played) return true;
    }
    return false;
  }

  async #propose(kind: Kind, held: Held, signal: AbortSignal): Promise<boolean> {
    const { choices, sandbox } = this.#parts;
    const chosen = chooseForm(kind, this.#archive.references(), choices);
    if (chosen === undefined) return false;
    const trivial = trivialContext(this.#tasks);
    const parts = { ...this.#parts, archive: this.#archive, trivial, now };
    this.#parts.onEvent({ type: 'asked' });
    const proposed = await proposeTasks(kind, chosen, this.#origin, parts, signal);
    await this.#parts.store.putTasks(proposed.tasks);
    for (const task of proposed.tasks) this.#archive.add(task);
    this.#addTasks(proposed.tasks, held);

    const solveRates = new Map<string, number | undefined>();
    const playable = proposed.tasks.filter((task) => task.kind === kind);
    for (const task of playable.slice(0, measuredPerGroup[kind])) {
      try {
        const solving = { ...this.#parts, endpoint: this.#parts.begun, sandbox, now };
        const group = await solveTask(task, this.#origin, solving, signal);
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

  /** Tasks of a group, kept from others until it is settled. Another group may have proposed the same beside it. */
  #addTasks(tasks: readonly Task[], held: Held): void {
    const known = new Set(this.#tasks.map(({ id }) => id));
    for (const task of tasks) {
      held.add(task.id);
      if (!known.has(task.id)) this.#tasks.push(task);
    }
  }

  async #solve(kind: Kind, held: Held, signal: AbortSignal): Promise<boolean> {
    const task = this.#chooseTask(kind);
    if (task === undefined) return false;
    held.add(task.id);
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
      if (!ModelError.is(error, 'prompt-too-long')) throw this.#setBack(task, error);
      this.#tooLong.add(task.id);
    }
    return true;
  }

  /** Has others go before a task whose group failed: it would be the next one again, and may be why. Gives the error. */
  #setBack({ id }: Task, error: unknown): unknown {
    this.#played.set(id, (this.#played.get(id) ?? 0) + 1);
    return error;
  }

  /** One of the tasks that were played least, those that a trivial solver gets only where there is no other. */
  #chooseTask(kind: Kind): Task | undefined {
    const isFree = ({ id }: Task) => !this.#tooLong.has(id) && !this.#inFlight.holds(id);
    const open = this.#tasks.filter((task) => task.kind === kind && isFree(task));
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
    this.#samples.set(name, (this.#samples.get(name) ?? 0) + group.samples.length);
    for (const { completionTokens } of group.samples) this.tokensDrawn += completionTokens;
    if (group.role === 'propose') return;
    this.#played.set(group.taskId, (this.#played.get(group.taskId) ?? 0) + 1);
    this.tasksSolved += 1;
  }
}

const now = () => new Date().toISOString();
