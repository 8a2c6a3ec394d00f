/**
 * `npm run bench:worth [-- --packages a,b]`: what of mined code is worth solving. Mines real packages, as source from PyPI at pinned
 * versions, and prints for each kind how many tasks there are before and after the rules (docs/self-play.md, "Worth solving"), why
 * the others are none, and how long the rules took.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Task } from '../protocol/task.ts';
import { packageWorkspace } from '../scripts/pypi/package-workspace.mjs';
import { trivialContext } from '../server/src/judge/trivial-context.ts';
import { createSandbox } from '../server/src/sandbox/create-sandbox.ts';
import { tellSandbox } from '../server/src/sandbox/sandbox.ts';
import { Archive } from '../server/src/selfplay/archive.ts';
import { prepare } from '../server/src/selfplay/prepare.ts';
import { openStore } from '../server/src/store/open-store.ts';
import { drawPairs } from '../server/src/tasks/induction/pairs.ts';
import { minPairs } from '../server/src/tasks/induction/rules.ts';
import { unworthyCounts, worth } from '../server/src/tasks/worth.ts';
import { pinnedVersion } from './mining/packages.ts';

const { values } = parseArgs({ options: { packages: { type: 'string', default: 'toolz' } } });
/** Known pairs of which a description made an induction task before there were these rules. */
const before = 6;
const { signal } = new AbortController();
const sandbox = await createSandbox({ env: process.env }, signal);
console.log(`Programs run in ${tellSandbox(sandbox)}.`);

for (const name of values.packages.split(',')) {
  const version = pinnedVersion(name);
  const spec = { name, ...(version === undefined ? {} : { version }) };
  const folder = await packageWorkspace(spec, { offline: false, signal });
  const scratch = await mkdtemp(join(tmpdir(), 'autodidact-worth-'));
  const store = await openStore({ path: join(scratch, 'store.db') });
  const options = {
    folder,
    exclude: [],
    maxFiles: 2_000,
    maxFileBytes: 1_000_000,
    split: { by: 'none' } as const,
  };
  let began = performance.now();
  await prepare(options, { store, sandbox, onEvent: () => undefined }, signal);
  const miningMs = performance.now() - began;
  const tasks = await store.tasks();
  await store.close();
  await rm(scratch, { recursive: true });
  console.log(`\n${name}: mined with its tasks in ${seconds(miningMs)}`);
  for (const kind of ['deduction', 'abduction'] as const) print(kind, ofKind(tasks, kind));

  began = performance.now();
  const context = trivialContext(tasks);
  for (const task of tasks) await worth(task, context, sandbox, signal);
  console.log(`  the rules of both took ${seconds(performance.now() - began)} of that`);

  began = performance.now();
  const references = new Archive(tasks).references();
  const refused = new Map<string, number>();
  for (const reference of references) {
    const drawn = await drawPairs(reference, sandbox, signal);
    if (typeof drawn === 'string') refused.set(drawn, (refused.get(drawn) ?? 0) + 1);
  }
  const lost = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const having = (count: number) => references.filter(({ pairs }) => pairs.length >= count).length;
  console.log(
    `  programs for induction and explain: ${references.length - lost} of ${references.length}; with ${minPairs} known pairs: ${having(minPairs)}, with the ${before} that were enough before the rules: ${having(before)}; refused ${told(Object.fromEntries(refused))}; ${seconds(performance.now() - began)}`,
  );
}
await sandbox.close();

function ofKind(tasks: readonly Task[], kind: Task['kind']): Task[] {
  return tasks.filter((task) => task.kind === kind);
}

function print(kind: string, tasks: readonly Task[]): void {
  const open = tasks.filter(({ state }) => state === 'open');
  const hard = open.filter(({ trivial }) => trivial === null);
  const hardBefore = tasks.filter(({ trivial }) => trivial === null);
  console.log(
    `  ${kind}: ${open.length} of ${tasks.length}, those that no trivial solver gets ${hard.length} of ${hardBefore.length}; refused ${told(unworthyCounts(tasks))}`,
  );
}

function told(counts: Readonly<Record<string, number>>): string {
  const listed = Object.entries(counts).map(([reason, count]) => `${reason} ${count}`);
  return listed.length === 0 ? 'none' : listed.join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
