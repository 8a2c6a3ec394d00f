import type { Store } from '../store/store.ts';
import type { TaskIndex } from './task-index.ts';

/** The store with the index kept current: each record enters the index once it is durable. */
export function indexedStore(
  store: Store,
  index: Pick<TaskIndex, 'put' | 'setState' | 'attempted'>,
  onChange: () => void,
): Store {
  return {
    ...store,
    putTasks: async (tasks) => {
      await store.putTasks(tasks);
      index.put(tasks);
      onChange();
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
      // A task that was there already stays as it is: what became of these, the store knows.
      index.put(await store.tasks({ ids: concerned }));
      onChange();
    },
    commitGroup: async (group, options) => {
      await store.commitGroup(group, options);
      index.put(options.tasks ?? []);
      if (group.role === 'solve') index.attempted(group);
      onChange();
    },
  };
}
