import { expect, it } from 'vitest';
import { openedStore } from '../../../test/support/opened-store.ts';
import { sampleGroup, sampleTask } from '../../../test/support/sample-records.ts';
import type { Store } from '../store/store.ts';
import { decide, undoLast } from './decide.ts';
import { loadQueue } from './load-queue.ts';

const { signal } = new AbortController();

/** Answers to one task, each with its verdict. */
async function answered(store: Store, taskId: string, answers: readonly (string | null)[]): Promise<void> {
  const [right, wrong] = sampleGroup('').samples;
  if (right === undefined || wrong === undefined) throw new TypeError('A sample group is too small.');
  const samples = answers.map((answer, index) => ({ ...(answer === '4' ? right : wrong), index, answer }));
  await store.commitGroup(sampleGroup(`g-${taskId}`, { taskId, samples }), { stream: false });
}

it('finds tasks whose attempts agree on another value, though they wrote it in different ways', async () => {
  const { store } = await openedStore();
  await store.putTasks(Array.from({ length: 50 }, (_, n) => sampleTask(`t${n}`)));
  await answered(store, 't1', ['[1, 2]', '[1,2]', ' [1, 2] ', '[ 1, 2 ]', '4', '5', '6', '7']);
  await answered(store, 't2', ['[1, 2]', '[2, 1]', '[1, 3]', '[1, 4]', '[1]', '5', '6', '7']);
  // Nothing well-formed is nothing that attempts could agree on.
  await answered(store, 't3', [null, null, null, null, null, null, null, null]);
  const queue = await loadQueue(store, signal);
  expect(queue.map(({ task, why }) => `${task.id} ${why.reason}`)).toEqual([
    't1 disputed',
    't2 uncertain',
    't3 uncertain',
  ]);
  expect(queue[0]?.why).toEqual({
    reason: 'disputed',
    count: 4,
    rate: expect.objectContaining({ count: 1, of: 8 }),
  });
});

it('leaves out what was decided on, until that is taken back', async () => {
  const { store } = await openedStore();
  await store.putTasks([sampleTask('t1')]);
  await answered(store, 't1', ['4', '4', '5', '6']);
  const desk = { store, reviewer: 'ann', now: () => '2026-01-02T03:04:05.678Z' };
  const ids = async () => (await loadQueue(store, signal)).map(({ task }) => task.id);
  expect(await ids()).toEqual(['t1']);
  await decide(sampleTask('t1'), { decision: 'accept' }, desk);
  expect(await ids()).toEqual([]);
  await undoLast(desk);
  expect(await ids()).toEqual(['t1']);
});

it('reads the answers of many tasks in parts, and stops when aborted', async () => {
  const { store } = await openedStore();
  const tasks = Array.from({ length: 2_500 }, (_, n) => sampleTask(`t${n}`));
  await store.putTasks(tasks);
  await answered(store, 't2400', ['4', '4', '5', '6']);
  const asked: number[] = [];
  const counting = {
    tasks: store.tasks,
    reviews: store.reviews,
    answers: (ids: readonly string[]) => {
      asked.push(ids.length);
      return store.answers(ids);
    },
  };
  expect((await loadQueue(counting, signal)).map(({ task }) => task.id)).toEqual(['t2400']);
  expect(asked).toEqual([1_000, 1_000, 500]);
  await expect(loadQueue(counting, AbortSignal.abort())).rejects.toThrow();
  expect(asked).toHaveLength(3);
});
