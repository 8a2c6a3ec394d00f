import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../server/src/store/open-store.ts';
import type { Store } from '../../server/src/store/store.ts';
import { sampleGroup, sampleRun, sampleTask } from './sample-records.ts';
import type { StoreWork } from './store-process.ts';

/** Works on a store until it is killed: `node store-process-main.ts PATH WORK`. */
const [path = '', work] = process.argv.slice(2) as [string?, StoreWork?];

const store = await openStore({ path });
if (work === 'open') say('open');
if (work === 'commit') await commitForEver(store);
if (work === 'lease') await holdLease(store, false);
if (work === 'take-over') await holdLease(store, true);
if (work === 'note') {
  await store.setNote('note', String(process.pid));
  await store.close();
} else await wait(60_000);

async function commitForEver(to: Store): Promise<void> {
  await to.putRun(sampleRun('run'));
  for (let number = 0; ; number += 1) {
    const id = `${process.pid}-${number}`;
    const task = sampleTask(`task-${id}`);
    await to.commitGroup(sampleGroup(id, { taskId: task.id }), { tasks: [task], stream: true });
    say(id);
  }
}

async function holdLease(of: Store, takeOver: boolean): Promise<void> {
  const taken = await of.takeLease({ takeOver });
  say(taken.held ? 'held' : `refused ${taken.by.pid}`);
  while (taken.held && (await of.renewLease())) await wait(100);
  if (taken.held) say('lost');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
