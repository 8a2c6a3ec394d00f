import type { Task } from '../../../protocol/task.ts';
import type { Store, TaskAnswer } from '../store/store.ts';
import { answerClusters, judged } from './answer-clusters.ts';
import { standingDecisions } from './decisions.ts';
import { isDispute, type QueueEntry, reviewQueue, type TriedTask } from './queue.ts';

/** Tasks whose answers are read at once: memory holds the answers of so many. */
const tasksAtOnce = 1_000;

/** Reads what a store knows of its tasks, and chooses those to be put before a person. Rejects with `StoreError`, or when aborted. */
export async function loadQueue(
  store: Pick<Store, 'tasks' | 'answers' | 'reviews'>,
  signal: AbortSignal,
): Promise<QueueEntry[]> {
  const [tasks, reviews] = await Promise.all([store.tasks(), store.reviews()]);
  const tried: TriedTask[] = [];
  for (let from = 0; from < tasks.length; from += tasksAtOnce) {
    signal.throwIfAborted();
    const some = tasks.slice(from, from + tasksAtOnce);
    const answers = await store.answers(some.map(({ id }) => id));
    tried.push(...triedTasks(some, answers));
  }
  return reviewQueue(tried, new Set(standingDecisions(reviews).byTask.keys()));
}

/** The tasks with what was answered to each. */
export function triedTasks(tasks: readonly Task[], answers: readonly TaskAnswer[]): TriedTask[] {
  const byTask = Map.groupBy(answers, ({ taskId }) => taskId);
  return tasks.map((task) => {
    const its = byTask.get(task.id) ?? [];
    const wrong = its.filter(({ answer, verdict }) => verdict === 'wrong' && answer !== null);
    const counts = judged(its);
    // Reading values takes time: where all of them together are too few, so is each cluster.
    const all = wrong.reduce((sum, { count }) => sum + count, 0);
    const [otherAnswer] = isDispute(all, counts) ? answerClusters(task.kind, wrong) : [];
    return { task, ...counts, otherAnswer };
  });
}
