import type { Task } from '../../../protocol/task.ts';
import type { Choices } from './choices.ts';
import type { Curriculum } from './curriculum/curriculum.ts';
import type { Steering } from './monitors/steering.ts';
import type { Evidence } from './rewards/evidence.ts';
import { mayEnter } from './rewards/few-valued.ts';

/** Tasks played in a row of which at most a quarter may have few possible outputs. */
const batchSize = 16;

export interface TaskChoiceParts {
  readonly evidence: Evidence;
  readonly steering: Steering;
  readonly choices: Choices;
  /** Whether the preset keeps tasks with few possible outputs to a quarter. */
  readonly limitsFewValued: boolean;
  /** How tasks went with this version of the model, where the preset chooses by it. */
  readonly curriculum?: Curriculum | undefined;
  /** Whether a task's pattern is played no more. Asked of few tasks: it reads their programs. */
  readonly isRetired: (task: Task) => boolean;
}

/** Chooses which task is played next, and remembers of the last ones whether they could be guessed. */
export class TaskChoice {
  readonly #parts: TaskChoiceParts;
  /** Whether the tasks played last had few possible outputs, one less than a batch. */
  readonly #few: boolean[] = [];
  readonly #retired = new Set<string>();

  constructor(parts: TaskChoiceParts) {
    this.#parts = parts;
  }

  played(task: Task): void {
    this.#few.push(this.#parts.evidence.hasFewValues(task));
    if (this.#few.length >= batchSize) this.#few.shift();
  }

  /** Drops what is known of tasks that are gone. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.#retired.delete(id);
  }

  /**
   * A task as the monitors' findings ask, those that a trivial solver gets or whose pattern
   * is retired, or of which this version of the model has nothing to learn, only where there is no other; of these one that the curriculum
   * draws, or without one a task that was played least. A wish that no task fulfils is passed over.
   */
  choose(open: readonly Task[], played: (task: Task) => number): Task | undefined {
    for (;;) {
      const task = this.#wanted(open, played);
      if (task === undefined || this.#retired.has(task.id) || !this.#parts.isRetired(task)) return task;
      this.#retired.add(task.id);
    }
  }

  #wanted(open: readonly Task[], played: (task: Task) => number): Task | undefined {
    const [first] = open;
    if (first === undefined) return undefined;
    const { steering, choices, evidence, limitsFewValued, curriculum } = this.#parts;
    let left = preferring(open, ({ id }) => !this.#retired.has(id));
    left = preferring(left, ({ trivial }) => trivial === null);
    if (curriculum !== undefined) left = preferring(left, (task) => !curriculum.isDone(task));
    const few = this.#few.filter((isFew) => isFew).length;
    const isFull = limitsFewValued && !mayEnter({ size: batchSize, few }, true);
    if (isFull || steering.holds('avoid-guessable', first.kind)) {
      left = preferring(left, (task) => !evidence.hasFewValues(task));
    }
    for (const action of ['prefer-easier', 'prefer-harder'] as const) {
      if (steering.holds(action, first.kind)) left = half(left, action);
    }
    if (curriculum !== undefined) return curriculum.draw(left, choices);
    const least = left.reduce((low, task) => Math.min(low, played(task)), Number.POSITIVE_INFINITY);
    return choices.one(left.filter((task) => played(task) === least));
  }

  /** Those of a group's new tasks that are played at once: where the preset limits it, a quarter of them with few outputs, none of a retired pattern. */
  measured(tasks: readonly Task[], size: number): Task[] {
    const { evidence, limitsFewValued, isRetired } = this.#parts;
    let few = 0;
    return tasks.filter((task) => {
      const isFew = limitsFewValued && evidence.hasFewValues(task);
      if (!mayEnter({ size, few }, isFew) || isRetired(task)) return false;
      if (isFew) few += 1;
      return true;
    });
  }
}

function preferring(tasks: readonly Task[], wanted: (task: Task) => boolean): readonly Task[] {
  const some = tasks.filter(wanted);
  return some.length > 0 ? some : tasks;
}

/** The half with the shorter or the longer programs: of what is known before a task is played, length tells most about it. */
function half(tasks: readonly Task[], action: 'prefer-easier' | 'prefer-harder'): readonly Task[] {
  const byLength = [...tasks].sort((a, b) => a.program.length - b.program.length);
  const middle = Math.ceil(byLength.length / 2);
  return action === 'prefer-easier' ? byLength.slice(0, middle) : byLength.slice(-middle);
}
