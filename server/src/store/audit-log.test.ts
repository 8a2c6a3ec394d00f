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

describe('the audit log', () => {
  it('can only be added to', async () => {
    const store = await playedStore();
    await store.audit({ what: 'consent', detail: { folder: '/workspace' } });
    const database = new DatabaseSync(store.path);
    expect(() => database.exec('DELETE FROM audit')).toThrow('append-only');
    expect(() => database.exec(`UPDATE audit SET what = 'x'`)).toThrow('append-only');
    database.close();
    expect(await store.auditLog({ limit: 10 })).toEqual([
      { number: 1, at: expect.any(String), event: { what: 'consent', detail: { folder: '/workspace' } } },
    ]);
  });

  it('gives back lines of other versions and damaged ones as they stand', async () => {
    const store = await playedStore();
    const database = new DatabaseSync(store.path);
    const add = (what: string, detail: string) =>
      database
        .prepare('INSERT INTO audit (at, what, detail) VALUES (?, ?, ?)')
        .run('2026-01-01', what, detail);
    add('streamed', '{"target":"a.ndjson","groups":["g1"],"later":1}');
    add('dreamt', '{"task":"t1"}');
    add('consent', '{"folder":3}');
    add('consent', '{"folder":');
    database.close();
    expect((await store.auditLog({ limit: 10 })).map(({ event }) => event)).toEqual([
      { what: 'streamed', detail: { target: 'a.ndjson', groups: ['g1'], later: 1 } },
      { what: 'unknown', named: 'dreamt', detail: { task: 't1' } },
      { what: 'unknown', named: 'consent', detail: { folder: 3 } },
      { what: 'unknown', named: 'consent', detail: '{"folder":' },
    ]);
    const numbers = async (query: Omit<Parameters<Store['auditLog']>[0], 'limit'>, limit = 10) =>
      (await store.auditLog({ ...query, limit })).map(({ number }) => number);
    expect(await numbers({ taskId: 't1' })).toEqual([2]);
    expect(await numbers({ groupIds: ['g0', 'g1'] })).toEqual([1]);
    expect(await numbers({ groupIds: [] })).toEqual([]);
    expect(await numbers({ after: 1 }, 2)).toEqual([2, 3]);
    expect(await numbers({ since: '2026-01-02' })).toEqual([]);
    expect(await numbers({ since: '2025-12-31T23:59:59Z' }, 1)).toEqual([1]);
  });

  it('says why tasks are no longer played, and nothing where none was concerned', async () => {
    const store = await playedStore();
    await store.setTaskState(['task'], 'retired', 'no-longer-holds');
    await store.setTaskState([], 'stale', 'code-changed');
    await store.setTaskState(['task'], 'open');
    expect((await store.auditLog({ taskId: 'task', limit: 10 })).map(({ event }) => event)).toEqual([
      { what: 'task-state', detail: { tasks: ['task'], state: 'retired', why: 'no-longer-holds' } },
    ]);
    expect(await store.auditLog({ limit: 10 })).toHaveLength(1);
  });
});
