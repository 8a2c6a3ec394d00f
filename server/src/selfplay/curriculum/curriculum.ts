import type { Share } from '../../../../protocol/report.ts';
import type { Task } from '../../../../protocol/task.ts';
import type { TaskRate } from '../../store/store.ts';
import type { Choices } from '../choices.ts';
import { share } from '../interval.ts';
import { type Standing, standing, type Tried } from './standing.ts';

/** How often a task is drawn that stands so, where there are tasks of each: most where most is learnt, the rest where that is found. */
const pools: readonly { readonly standings: readonly Standing[]; readonly share: number }[] = [
  { standings: ['frontier'], share: 0.5 },
  { standings: ['unknown'], share: 0.4 },
  { standings: ['easy', 'hard'], share: 0.1 },
];

/** Attempts at which a task is drawn half as often as one that was never tried: a group. */
const halfAt = 8;

/** Times that easier variants of a task are asked for: what does not come of these does not come. */
const easierAsked = 2;

const nothing: Tried = { right: 0, judged: 0 };

/** How tasks go with one version of the model, over all of its runs: after a change of the model everything is measured anew. */
export class Curriculum {
  readonly #tried = new Map<string, Tried>();
  /** By kind: tasks that were tried, and the sum of their rates, those that were forgotten included. */
  readonly #kinds = new Map<Task['kind'], { tasks: number; rates: number }>();
  readonly #parked = new Set<string>();
  readonly #easierAsked = new Map<string, number>();

  /** `rates` are what is known of this version. */
  constructor(rates: readonly TaskRate[]) {
    for (const { taskId, kind, right, judged } of rates) this.add({ id: taskId, kind }, { right, judged });
  }

  /** Counts attempts. */
  add({ id, kind }: Pick<Task, 'id' | 'kind'>, { right, judged }: Tried): void {
    if (judged === 0) return;
    const before = this.#tried.get(id) ?? nothing;
    const after = { right: before.right + right, judged: before.judged + judged };
    this.#tried.set(id, after);
    const ofKind = this.#kinds.get(kind) ?? { tasks: 0, rates: 0 };
    this.#kinds.set(kind, {
      tasks: ofKind.tasks + Number(before.judged === 0),
      rates: ofKind.rates + after.right / after.judged - before.right / Math.max(1, before.judged),
    });
    if (standing(after) === 'parked') this.#parked.add(id);
    else this.#parked.delete(id);
  }

  /** Drops what is known of tasks that are gone; how able the model is stays known. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#tried.delete(id);
      this.#parked.delete(id);
      this.#easierAsked.delete(id);
    }
  }

  standing({ id }: Pick<Task, 'id'>): Standing {
    return standing(this.#tried.get(id) ?? nothing);
  }

  /** Whether a task has nothing left to teach this version, or is out of its reach as far as 16 attempts show. */
  isDone(task: Pick<Task, 'id'>): boolean {
    const its = this.standing(task);
    return its === 'solved' || its === 'parked';
  }

  /** One of the tasks: half of the time of the frontier, and within a pool those oftener that were tried less. */
  draw(tasks: readonly Task[], choices: Choices): Task | undefined {
    const byStanding = Map.groupBy(tasks, (task) => this.standing(task));
    const filled = pools
      .map((pool) => ({ ...pool, tasks: pool.standings.flatMap((its) => byStanding.get(its) ?? []) }))
      .filter((pool) => pool.tasks.length > 0);
    const pool = choices.weighted(filled, (its) => its.share)?.tasks ?? tasks;
    return choices.weighted(pool, ({ id }) => halfAt / (halfAt + (this.#tried.get(id)?.judged ?? 0)));
  }

  /** Ids of tasks that were never solved and of which easier variants may still be asked for. */
  parked(): string[] {
    return [...this.#parked].filter((id) => (this.#easierAsked.get(id) ?? 0) < easierAsked);
  }

  /** Easier variants of a task were asked for. */
  askedEasier(id: string): void {
    this.#easierAsked.set(id, (this.#easierAsked.get(id) ?? 0) + 1);
  }

  /** Mean solve rate over the tasks of a kind, each counted once however often it was tried: a task that is drawn often says no more. */
  skill(kind: Task['kind']): Share {
    const { tasks, rates } = this.#kinds.get(kind) ?? { tasks: 0, rates: 0 };
    return share(Math.min(tasks, Math.max(0, rates)), tasks);
  }
}
