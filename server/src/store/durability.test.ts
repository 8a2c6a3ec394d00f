import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { storeProcess } from '../../../test/support/store-process.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { openStore } from './open-store.ts';

it('loses no acknowledged record when its process is killed, again and again', async () => {
  const at = path.join(await temporaryFolder(), 'store.db');
  const acknowledged = new Set<string>();
  for (let round = 0; round < 6; round += 1) {
    const { child, lines, ended } = storeProcess(at, 'commit');
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(3);
    await wait(Math.random() * 150);
    child.kill('SIGKILL');
    await ended;
    for (const line of lines) acknowledged.add(line);

    const store = await openStore({ path: at });
    expect(store.putAside).toBeUndefined();
    const groups = await store.groups();
    const ids = new Set(groups.map(({ id }) => id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    // At most the one that was in the air when its process was killed is there beside them.
    expect(ids.size - acknowledged.size).toBeLessThanOrEqual(round + 1);
    expect(await store.counts()).toMatchObject({
      tasks: groups.length,
      samples: groups.length * 8,
      outgoing: groups.length,
    });
    await store.close();
  }
  const database = new DatabaseSync(at);
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  database.close();
}, 60_000);
