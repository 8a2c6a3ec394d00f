import type { Task } from '../../../../protocol/task.ts';
import type { Store } from '../../store/store.ts';
import { buffered, type EvictionParts, evictable, evicted } from './eviction.ts';

export interface EvictParts extends Omit<EvictionParts, 'isOpen'> {
  readonly store: Pick<Store, 'tasks' | 'setTaskState'>;
  /** Whether a group is at work on a task that it proposed: it stays until that is recorded. */
  readonly isAtWork: (task: Task) => boolean;
}

/** Retires tasks in the store where there are too many proposed ones (`evicted`), and gives the ids of those that are to be played no more. */
export async function evict(tasks: readonly Task[], parts: EvictParts): Promise<string[]> {
  const { store, isAtWork } = parts;
  if (evictable(tasks, parts).length <= buffered.proposed) return [];
  // Others may have mined meanwhile.
  const open = new Set((await store.tasks({ state: 'open' })).map(({ id }) => id));
  const idle = tasks.filter((task) => !isAtWork(task));
  const gone = evicted(idle, { ...parts, isOpen: ({ id }) => open.has(id) }).map(({ id }) => id);
  const retired = gone.filter((id) => open.has(id));
  await store.setTaskState(retired, 'retired', 'evicted');
  return gone;
}
