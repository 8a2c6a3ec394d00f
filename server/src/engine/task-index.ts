import type { SolveGroup } from '../../../protocol/group.ts';
import { isRight } from '../../../protocol/judge.ts';
import type { Kind } from '../../../protocol/kind.ts';
import type { Task } from '../../../protocol/task.ts';
import type { ModelRecord } from '../../../protocol/tree.ts';
import { questionLine } from './question-line.ts';

/** What lists, lenses and the tree need of a task, kept in memory; the whole of it stays in the store. */
export interface ListedTask {
  readonly id: string;
  readonly kind: Kind;
  readonly file: string;
  readonly symbol: string;
  /** Where the function stood when it was mined, from 1, both ends within. */
  readonly line: number;
  readonly endLine: number;
  readonly unitHash: string;
  readonly question: string;
  readonly state: Task['state'];
  readonly isHeldOut: boolean;
}

/** A task with how often the model was right on it. */
export interface IndexedTask extends ListedTask {
  readonly record: ModelRecord;
}

const noRecord: ModelRecord = { right: 0, attempts: 0 };

/** The tasks of one folder by file and function. Everything an editor asks while a person types is answered from here. */
export class TaskIndex {
  readonly #tasks = new Map<string, IndexedTask>();
  /** file → symbol → ids. */
  readonly #places = new Map<string, Map<string, Set<string>>>();
  /** Records also of tasks that are not here yet: a group may be read before its task. */
  readonly #records = new Map<string, ModelRecord>();

  /** Tasks that are listed: those not retired. */
  get size(): number {
    return this.#tasks.size;
  }

  clear(): void {
    this.#tasks.clear();
    this.#places.clear();
    this.#records.clear();
  }

  put(tasks: readonly Task[]): void {
    this.list(tasks.map(listed));
  }

  list(tasks: readonly ListedTask[]): void {
    for (const task of tasks) this.#put({ ...task, record: this.#records.get(task.id) ?? noRecord });
  }

  setState(ids: readonly string[], state: Task['state']): void {
    for (const id of ids) {
      const task = this.#tasks.get(id);
      if (task !== undefined) this.#put({ ...task, state });
    }
  }

  /** Counts the attempts of a group. */
  attempted({ taskId, samples }: Pick<SolveGroup, 'taskId' | 'samples'>): void {
    const right = samples.filter(({ verdict }) => isRight(verdict)).length;
    this.addRecord(taskId, { right, attempts: samples.length });
  }

  addRecord(taskId: string, record: ModelRecord): void {
    const sum = addRecords([this.#records.get(taskId) ?? noRecord, record]);
    this.#records.set(taskId, sum);
    const task = this.#tasks.get(taskId);
    if (task !== undefined) this.#put({ ...task, record: sum });
  }

  task(id: string): IndexedTask | undefined {
    return this.#tasks.get(id);
  }

  tasks(): IterableIterator<IndexedTask> {
    return this.#tasks.values();
  }

  /** Files that have tasks, in alphabetical order. */
  files(): string[] {
    return [...this.#places.keys()].sort(byName);
  }

  /** The functions of a file that have tasks, in the order in which they stand there. */
  functions(file: string): { readonly symbol: string; readonly line: number }[] {
    return [...(this.#places.get(file)?.keys() ?? [])]
      .map((symbol) => ({ symbol, line: this.tasksOf(file, symbol)[0]?.line ?? 1 }))
      .sort((one, other) => one.line - other.line || byName(one.symbol, other.symbol));
  }

  /** The tasks of a function (of a whole file where no symbol is given), open ones first. */
  tasksOf(file: string, symbol?: string): IndexedTask[] {
    const symbols = this.#places.get(file);
    const ids =
      symbol === undefined
        ? [...(symbols?.values() ?? [])].flatMap((set) => [...set])
        : [...(symbols?.get(symbol) ?? [])];
    return ids
      .flatMap((id) => this.#tasks.get(id) ?? [])
      .sort(
        (one, other) =>
          Number(one.state === 'stale') - Number(other.state === 'stale') ||
          byName(one.question, other.question) ||
          byName(one.id, other.id),
      );
  }

  #put(task: IndexedTask): void {
    this.#remove(task.id);
    if (task.state === 'retired') return;
    this.#tasks.set(task.id, task);
    const symbols = this.#places.get(task.file) ?? new Map<string, Set<string>>();
    this.#places.set(task.file, symbols);
    const ids = symbols.get(task.symbol) ?? new Set<string>();
    symbols.set(task.symbol, ids);
    ids.add(task.id);
  }

  #remove(id: string): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    this.#tasks.delete(id);
    const symbols = this.#places.get(task.file);
    const ids = symbols?.get(task.symbol);
    ids?.delete(id);
    if (ids?.size === 0) symbols?.delete(task.symbol);
    if (symbols?.size === 0) this.#places.delete(task.file);
  }
}

/** How often the model was right on all of these together. */
export function addRecords(records: Iterable<ModelRecord>): ModelRecord {
  let right = 0;
  let attempts = 0;
  for (const record of records) {
    right += record.right;
    attempts += record.attempts;
  }
  return { right, attempts };
}

/** What is kept in memory of a task. */
export function listed(task: Task): ListedTask {
  const { id, kind, state, unit } = task;
  const { file, symbol, line, endLine, unitHash } = unit;
  const isHeldOut = task.split !== 'train';
  const question = questionLine(task);
  return { id, kind, file, symbol, line, endLine, unitHash, question, state, isHeldOut };
}

function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
