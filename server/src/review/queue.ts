import type { Share } from '../../../protocol/report.ts';
import type { Task } from '../../../protocol/task.ts';
import { share } from '../selfplay/interval.ts';
import { knownRate } from '../selfplay/known-rate.ts';
import type { AnswerCluster } from './answer-clusters.ts';

/** The share of tasks that people are asked about, those included that they decided on (targeted review: RLTHF, arXiv 2502.13417). */
export const reviewedShare = 0.06;

/** A task with what the model made of it. */
export interface TriedTask {
  readonly task: Task;
  readonly right: number;
  /** Attempts that were judged. */
  readonly of: number;
  /** The largest cluster of answers that are wrong and well-formed; undefined where there is none. */
  readonly otherAnswer?: AnswerCluster | undefined;
}

/**
 * Why a task is put before a person. `disputed`: the model's attempts agree on another answer than the gold; `uncertain`: the
 * interval of its solve rate is wide and near one half, or no attempt was right so far; `new`: few tasks are of its sort, and none
 * of them was reviewed.
 */
export type QueueReason =
  | { readonly reason: 'disputed'; readonly count: number; readonly rate: Share }
  | { readonly reason: 'uncertain'; readonly rate: Share }
  | { readonly reason: 'new'; readonly alike: number };

export interface QueueEntry {
  readonly task: Task;
  readonly why: QueueReason;
}

/** Fewer equal answers than this may be chance. */
const minAgreeing = 3;
/** Sorts of which there are more tasks than this are not new. */
const fewAlike = 3;

/**
 * The tasks to be put before a person: about `reviewedShare` of all that could be, less those decided on. Only open tasks to learn
 * from: what is held out measures, and a person's choice of it would change the measure. The three reasons take turns, so that none
 * crowds out the others; within one, the most telling first. What a person wrote is not asked about. One pass over the tasks, and a sort of those with a reason.
 */
export function reviewQueue(tried: readonly TriedTask[], decided: ReadonlySet<string>): QueueEntry[] {
  const eligible = tried.filter(
    ({ task }) =>
      task.origin !== 'reviewed' &&
      (decided.has(task.id) || (task.state === 'open' && task.split === 'train')),
  );
  const open = eligible.filter(({ task }) => !decided.has(task.id));
  const room = Math.ceil(eligible.length * reviewedShare) - (eligible.length - open.length);
  if (room <= 0) return [];
  const sorts = countSorts(eligible, decided);
  const ranked = open.flatMap((each) => reasonOf(each, sorts) ?? []);
  const of = (reason: QueueReason['reason']) =>
    ranked.filter(({ entry }) => entry.why.reason === reason).sort(mostTelling);
  const lists = [of('disputed'), of('uncertain'), firstOfSorts(of('new'))];
  return takeTurns(lists, room).map(({ entry }) => entry);
}

/** Whether so many equal wrong answers dispute a gold that so many of all judged attempts gave. */
export function isDispute(
  count: number,
  { right, of }: { readonly right: number; readonly of: number },
): boolean {
  return count >= minAgreeing && 2 * count >= of && count > right;
}

interface Ranked {
  readonly entry: QueueEntry;
  /** How telling, within its reason; higher first. */
  readonly weight: number;
}

function reasonOf({ task, right, of, otherAnswer }: TriedTask, sorts: Sorts): Ranked | undefined {
  const rate = share(right, of);
  const count = otherAnswer?.count ?? 0;
  if (isDispute(count, { right, of })) {
    return { entry: { task, why: { reason: 'disputed', count, rate } }, weight: count / of };
  }
  const weight = uncertainty(rate);
  if (weight > 0) return { entry: { task, why: { reason: 'uncertain', rate } }, weight };
  const sort = sorts.get(sortOf(task));
  if (sort === undefined || sort.decided || sort.count > fewAlike) return undefined;
  return { entry: { task, why: { reason: 'new', alike: sort.count } }, weight: 1 / sort.count };
}

/**
 * How uncertain a solve rate is, 0 to 1: the interval's width where it reaches over one half, a hundredth of it where no attempt was
 * right yet, which says little: behind all that were solved at times.
 */
export function uncertainty(rate: Share): number {
  const width = rate.high - rate.low;
  const known = knownRate(rate);
  if (known === 'unknown') return width / 100;
  return known === 'measured' && rate.low < 0.5 && rate.high > 0.5 ? width : 0;
}

type Sorts = ReadonlyMap<string, { readonly count: number; readonly decided: boolean }>;

function countSorts(tried: readonly TriedTask[], decided: ReadonlySet<string>): Sorts {
  const sorts = new Map<string, { count: number; decided: boolean }>();
  for (const { task } of tried) {
    const sort = sorts.get(sortOf(task)) ?? { count: 0, decided: false };
    sorts.set(sortOf(task), sort);
    sort.count += 1;
    sort.decided ||= decided.has(task.id);
  }
  return sorts;
}

/** What makes a task one of a sort: its kind, who wrote it, and the function that it is about. */
function sortOf({ kind, origin, unit }: Task): string {
  return JSON.stringify([kind, origin, unit.file, unit.symbol]);
}

/** One task of each sort: after it the next one is not new any more. */
function firstOfSorts(ranked: readonly Ranked[]): Ranked[] {
  const bySort = new Map<string, Ranked>();
  for (const each of ranked) {
    const sort = sortOf(each.entry.task);
    if (!bySort.has(sort)) bySort.set(sort, each);
  }
  return [...bySort.values()];
}

function mostTelling(a: Ranked, b: Ranked): number {
  return b.weight - a.weight || (a.entry.task.id < b.entry.task.id ? -1 : 1);
}

/** The first of each list, then the second of each, until there are `most`. */
function takeTurns<T>(lists: readonly (readonly T[])[], most: number): T[] {
  const taken: T[] = [];
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let place = 0; place < longest && taken.length < most; place += 1) {
    for (const list of lists) {
      const next = list[place];
      if (next !== undefined && taken.length < most) taken.push(next);
    }
  }
  return taken;
}
