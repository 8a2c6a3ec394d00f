import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openedStore } from '../../../test/support/opened-store.ts';
import { sampleTask } from '../../../test/support/sample-records.ts';
import type { Store } from './store.ts';

/** A store with a run and a task. */
async function playedStore(): Promise<Store> {
  const { store } = await openedStore();
  await store.putTasks([sampleTask('task')]);
  return store;
}

describe('a review', () => {
  const base = { id: 'r', taskId: 'task', reviewer: 'ann', createdAt: '2026-01-02T03:04:05.678Z' };
  const rejection = { ...base, decision: 'reject', reason: 'unclear', stateBefore: 'open' } as const;

  it('is kept with what it made of tasks and its line in the log, or not at all', async () => {
    const store = await playedStore();
    const nowhere = store.commitReview(
      { ...rejection, taskId: 'absent' },
      {
        tasks: [sampleTask('variant', { origin: 'reviewed' })],
        states: [{ taskId: 'task', state: 'retired' }],
      },
    );
    await expect(nowhere).rejects.toMatchObject({ reason: 'failed' });
    expect((await store.tasks()).map(({ id, state }) => [id, state])).toEqual([['task', 'open']]);
    expect(await store.auditLog({ limit: 9 })).toEqual([]);
    expect(await store.reviewCount()).toBe(0);
    await store.commitReview(rejection, { states: [{ taskId: 'task', state: 'retired' }] });
    expect(await store.tasks()).toMatchObject([{ id: 'task', state: 'retired' }]);
    expect(await store.tasks({ state: 'open' })).toEqual([]);
    expect((await store.auditLog({ taskId: 'task', limit: 9 })).map(({ event }) => event)).toEqual([
      { what: 'reviewed', detail: { review: 'r', task: 'task', decision: 'reject', reason: 'unclear' } },
    ]);
  });

  it('that is committed again changes nothing, nor does an edit that leads to a task that is there', async () => {
    const store = await playedStore();
    await store.commitReview(rejection, { states: [{ taskId: 'task', state: 'retired' }] });
    await store.commitReview(
      { ...rejection, reason: 'private' },
      { states: [{ taskId: 'task', state: 'open' }] },
    );
    expect(await store.reviews()).toEqual([rejection]);
    expect(await store.tasks()).toMatchObject([{ state: 'retired' }]);
    expect(await store.auditLog({ limit: 9 })).toHaveLength(1);
    const edit = { ...base, id: 'e', decision: 'edit', variantId: 'task' } as const;
    await store.commitReview(edit, { tasks: [sampleTask('task', { origin: 'reviewed' })] });
    expect(await store.tasks()).toMatchObject([{ origin: 'mined', state: 'retired' }]);
  });

  it('of an earlier version is read: with any reason, and without what is new', async () => {
    const store = await playedStore();
    const database = new DatabaseSync(store.path);
    for (const decision of ['accept', 'reject', 'edit']) {
      const record = { ...base, id: decision, decision, reason: 'because' };
      database
        .prepare(`INSERT INTO reviews (id, task, record) VALUES (?, 'task', ?)`)
        .run(decision, JSON.stringify(record));
    }
    database.close();
    expect(await store.reviews()).toEqual([
      { ...base, id: 'accept', decision: 'accept' },
      { ...base, id: 'reject', decision: 'reject', reason: 'other', stateBefore: 'open' },
      { ...base, id: 'edit', decision: 'edit', variantId: null },
    ]);
  });
});
