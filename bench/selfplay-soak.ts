/**
 * `npm run bench:selfplay-soak [-- --attempts N]`: self-play over 100,000 attempts with a fake model and a fake sandbox, the engine and its
 * store being the real ones. Prints, as Markdown, wall time per attempt over the last 1,000 attempts and the heap after collection, at
 * 1,000, 3,000, 10,000 and so on, with how many tasks are open.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Task } from '../protocol/task.ts';
import { type PlayEvent, play } from '../server/src/selfplay/play.ts';
import { openStore } from '../server/src/store/open-store.ts';
import { abductionId, deductionId } from '../server/src/tasks/from-seeds.ts';
import { fakeModel } from './selfplay-soak/fake-model.ts';
import { fakePython, given } from './selfplay-soak/fake-python.ts';

const { values } = parseArgs({ options: { attempts: { type: 'string', default: '100000' } } });
const attempts = Number(values.attempts);
/** Attempts whose time is told. */
const span = 1_000;
const marks = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000].filter((mark) => mark <= attempts);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const sandbox = fakePython();
const folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-soak-'));
const store = await openStore({ path: path.join(folder, 'store.db') });
try {
  await store.putTasks(Array.from({ length: 200 }, (_, unit) => tasksOf(unit)).flat());
  console.log('| attempts | ms per attempt | heap, MB | open tasks | of these proposed |');
  console.log('|---|---|---|---|---|');
  let played = 0;
  let begun = performance.now();
  let told: Promise<void> = Promise.resolve();
  const onEvent = (event: PlayEvent) => {
    if (event.type !== 'group' || event.group.role !== 'solve') return;
    const before = played;
    played += event.group.samples.length;
    const passed = (at: number) => before < at && played >= at;
    if (marks.some((mark) => passed(mark - span))) begun = performance.now();
    const mark = marks.find(passed);
    if (mark !== undefined) told = tell(mark, (performance.now() - begun) / span);
  };
  const options = { folder: '/soak', model: 'm', tasks: attempts / 8, randomSeed: 1, stream: false };
  const run = await play(
    options,
    { store, sandbox, endpoint: fakeModel(1), onEvent },
    new AbortController().signal,
  );
  await told;
  console.log(`\nEnded: ${run.state} (${run.reason}).`);
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

async function tell(mark: number, ms: number): Promise<void> {
  collect();
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  const open = await store.tasks({ state: 'open' });
  const proposed = open.filter(({ origin }) => origin === 'proposed').length;
  console.log(`| ${mark} | ${ms.toFixed(2)} | ${heap.toFixed(1)} | ${open.length} | ${proposed} |`);
}

/** What mining would leave of one function: calls with outputs, each as two tasks. */
function tasksOf(number: number): Task[] {
  const entry = `unit_${number}`;
  const program = `def ${entry}(x):\n    return [x // ${number + 2}, x % ${number + 3}]\n`;
  const calls = [3, 14, 15, 92, 65].map((argument) => `(${argument + number},)`);
  return calls.flatMap((call): Task[] => {
    const [first, second] = given(entry, call);
    if (first % 4 === 0) return [];
    const output = `[${first}, ${second}]`;
    const base = {
      program,
      entry,
      call,
      output,
      origin: 'mined',
      proposedBy: null,
      state: 'open',
      split: 'train',
      trivial: null,
      backend: sandbox.backend,
      createdAt: '',
      unit: {
        folder: '/soak',
        file: 'soak.py',
        symbol: entry,
        line: 1,
        endLine: 2,
        unitHash: `${number}`,
        fileHash: '',
        commit: null,
      },
    } as const;
    return [
      { ...base, kind: 'deduction', id: deductionId(program, entry, call) },
      { ...base, kind: 'abduction', id: abductionId(program, entry, output) },
    ];
  });
}
