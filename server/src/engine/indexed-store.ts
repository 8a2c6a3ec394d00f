import type { Task } from '../../../protocol/task.ts';
import type { Store } from '../store/store.ts';
import type { TaskIndex } from './task-index.ts';

/** The store with the index kept current: each record enters the index once it is durable. */
export function indexedStore(
  store: Store,
  index: Pick<TaskIndex, 'put' | 'setState' | 'attempted'>,
  onChange: () => void,
): Store {
  // A task that was there already stays as it is: what became of these, the store knows.
  const putIds = async (ids: readonly string[]) => {
    if (ids.length > 0) index.put(await store.tasks({ ids }));
    onChange();
  };
  const putKept = (tasks: readonly Task[]) => putIds(tasks.map(({ id }) => id));
  return {
    ...store,
    putTasks: async (tasks) => {
      await store.putTasks(tasks);
      index.put(tasks);
      onChange();
    },
    addTasks: async (tasks) => {
      await store.addTasks(tasks);
      await putKept(tasks);
    },
    setTaskState: async (ids, state, why) => {
      await store.setTaskState(ids, state, why);
      index.setState(ids, state);
      onChange();
    },
    commitReview: async (review, options = {}) => {
      await store.commitReview(review, options);
      const { tasks = [], states = [] } = options;
      const concerned = [...tasks.map(({ id }) => id), ...states.map(({ taskId }) => taskId)];
      await putIds(concerned);
    },
    commitGroup: async (group, options) => {
      await store.commitGroup(group, options);
      await putKept(options.tasks ?? []);
      if (group.role === 'solve') index.attempted(group);
      onChange();
    },
  };
}
