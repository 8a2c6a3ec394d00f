import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { exampleDeduction } from '../../../test/support/example-tasks.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from '../store/open-store.ts';
import { gateItems, openTest, repositoryOf } from './held-out-items.ts';

it('of a split are the open tasks; opening test is noted before it is read', async () => {
  const file = path.join(await temporaryFolder(), 'store.db');
  const store = await openStore({ path: file });
  onTestFinished(() => store.close());
  await store.putTasks([
    exampleDeduction({ id: 'train' }),
    exampleDeduction({ id: 'gate', split: 'gate' }),
    exampleDeduction({ id: 'stale', split: 'gate', state: 'stale' }),
    exampleDeduction({ id: 'test', split: 'test' }),
  ]);
  expect((await gateItems(store)).map(({ task, from, relation }) => [task.id, from, relation])).toEqual([
    ['gate', 'store', 'sameValue'],
  ]);
  const detail = { folder: '/w', models: ['m'], k: 8, randomSeed: 1 };
  const reads: string[] = [];
  const watched = {
    audit: (event: Parameters<typeof store.audit>[0]) => {
      reads.push(event.what);
      return store.audit(event);
    },
    tasks: (query: Parameters<typeof store.tasks>[0]) => {
      reads.push('tasks');
      return store.tasks(query);
    },
  };
  expect((await openTest(watched, detail)).map(({ task }) => task.id)).toEqual(['test']);
  expect(reads).toEqual(['test-opened', 'tasks']);
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare('SELECT what, detail FROM audit').all()).toEqual([
    { what: 'test-opened', detail: JSON.stringify(detail) },
  ]);
  database.close();
});

it.each([
  ['toolz/itertoolz.py', 'space/toolz'],
  ['src/more/deep/x.py', 'space/more'],
  ['src/x.py', 'space'],
  ['x.py', 'space'],
])('%s is of the repository %s', (file, repository) => {
  expect(repositoryOf({ folder: '/work/space', file })).toBe(repository);
});
