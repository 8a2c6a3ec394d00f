import { expect, it } from 'vitest';
import { openedStore } from '../../../test/support/opened-store.ts';
import { sampleTask } from '../../../test/support/sample-records.ts';
import { decide, undoLast } from '../review/decide.ts';
import { indexedStore } from './indexed-store.ts';
import { TaskIndex } from './task-index.ts';

const { file, symbol } = sampleTask('').unit;

async function indexed() {
  const opened = await openedStore();
  const index = new TaskIndex();
  let changes = 0;
  const store = indexedStore(opened.store, index, () => {
    changes += 1;
  });
  await store.putTasks([sampleTask('t1')]);
  const states = () => index.tasksOf(file, symbol).map(({ id, state }) => `${id} ${state}`);
  return { store, states, changes: () => changes };
}

it('shows what a review made of tasks', async () => {
  const { store, states, changes } = await indexed();
  const desk = { store, reviewer: 'ann', now: () => '2026-01-01T00:00:00.000Z' };
  const variant = sampleTask('v', { origin: 'reviewed', variantOf: 't1' });
  await decide(sampleTask('t1'), { decision: 'edit', variant }, desk);
  expect(states()).toEqual(['t1 open', 'v open']);
  await undoLast(desk);
  expect(states()).toEqual(['t1 open']);
  await decide(sampleTask('t1'), { decision: 'reject', reason: 'unclear' }, desk);
  expect(states()).toEqual([]);
  await undoLast(desk);
  expect(states()).toEqual(['t1 open']);
  expect(changes()).toBe(5);
});

it('hands on why tasks are no longer played', async () => {
  const { store, states } = await indexed();
  await store.setTaskState(['t1'], 'retired', 'no-longer-holds');
  expect(states()).toEqual([]);
  expect(await store.auditLog({ taskId: 't1', limit: 9 })).toMatchObject([
    { event: { what: 'task-state', detail: { why: 'no-longer-holds' } } },
  ]);
});
