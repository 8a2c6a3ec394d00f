/**
 * `npm run bench:sandbox [-- --repeats N --seconds S --soak N]`: how fast, how strict and how steady the sandbox is. Prints, as
 * median and spread over the repeats,
 * - programs a second on one processor, ours and today's ways (`bench/sandbox/baselines.py`), and their ratio;
 * - how long it takes until it is ready, for one program, and after an image was ended;
 * - what the corpora of the red team find, ours beside the published checks;
 * - with `--soak`, wrong canaries and growth of memory over so many programs natively, and a tenth of them in Pyodide.
 * Run it alone on the machine; on Linux it keeps to one processor.
 */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pythonEnvironment } from '../scripts/python-environment.mjs';
import { runProcess } from '../scripts/run-process.mjs';
import { countCorpora, tellCorpus } from '../server/src/redteam/count-corpora.ts';
import { createSandbox } from '../server/src/sandbox/create-sandbox.ts';
import { measure, measureRecovery } from '../server/src/sandbox/measure.ts';
import type { Sandbox } from '../server/src/sandbox/sandbox.ts';
import { SandboxError } from '../server/src/sandbox/sandbox-error.ts';
import { soak } from './sandbox/soak.ts';
import { median, spread } from './statistics.ts';

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    soak: { type: 'string' },
    pinned: { type: 'boolean', default: false },
    'no-corpora': { type: 'boolean', default: false },
  },
});
const { signal } = new AbortController();

if (!values.pinned && spawnSync('taskset', ['--version']).status === 0) {
  const args = ['-c', '0', process.execPath, ...process.argv.slice(1), '--pinned'];
  process.exit(spawnSync('taskset', args, { stdio: 'inherit' }).status ?? 1);
}

/** The sandbox, or undefined where it cannot work here. */
async function opened(backend: 'native' | 'pyodide'): Promise<Sandbox | undefined> {
  try {
    return await createSandbox({ backend, env: process.env }, signal);
  } catch (error) {
    if (!SandboxError.is(error)) throw error;
    console.log(`${backend} does not work here: ${error.message}`);
    return undefined;
  }
}

type Row = Readonly<Record<string, number>>;

/** Keeps this process, and those that it starts from now on, to these processors. */
function keepTo(processors: string): void {
  if (values.pinned) spawnSync('taskset', ['--cpu-list', '--pid', processors, String(process.pid)]);
}

async function figuresOf(backend: 'native' | 'pyodide'): Promise<Row | undefined> {
  // On all processors, as it is for a person; the rates are those of one.
  keepTo(`0-${os.cpus().length - 1}`);
  const begun = performance.now();
  const started = await opened(backend);
  const ready = performance.now() - begun;
  await started?.close();
  keepTo('0');
  const sandbox = await opened(backend);
  if (sandbox === undefined) return undefined;
  try {
    const { isolated, verified, medianMs, p99Ms } = await measure(sandbox, Number(values.seconds), signal);
    const recovery = await measureRecovery(sandbox, signal);
    return {
      'isolated programs/s': isolated,
      'verified programs/s (3 images, one of them twice)': verified,
      'verified × 3 ÷ isolated': (verified * 3) / isolated,
      'one program, median ms': medianMs,
      'one program, p99 ms': p99Ms,
      'ready, ms': ready,
      'after an image was ended, ms': recovery,
    };
  } finally {
    await sandbox.close();
  }
}

const ways = ['manager', 'value', 'pool', 'interpreter', 'bubblewrap'] as const;
const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const baselines = fileURLToPath(new URL('./sandbox/baselines.py', import.meta.url));
const programs = await pythonEnvironment({ name: 'bench', what: 'pebble', requirements }, signal);

async function baseline(way: string): Promise<number | undefined> {
  const done = await runProcess(`${programs}/python`, [baselines, way, values.seconds], { signal });
  return done.code === 0 ? Number(done.stdout) : undefined;
}

function told(figures: readonly number[]): string {
  return `${median(figures).toFixed(2)} (${spread(figures)})`;
}

const found = new Map<string, Map<string, number[]>>();
function note(who: string, figure: string, value: number | undefined): void {
  if (value === undefined) return;
  const row = found.get(who) ?? new Map<string, number[]>();
  found.set(who, row);
  row.set(figure, [...(row.get(figure) ?? []), value]);
}

// Started once before anything is measured: the first start on a machine prepares what later ones find.
for (const backend of ['native', 'pyodide'] as const) await (await opened(backend))?.close();
for (let repeat = 0; repeat < Number(values.repeats); repeat += 1) {
  for (const way of ways) note(way, 'programs/s', await baseline(way));
  for (const backend of ['native', 'pyodide'] as const) {
    for (const [figure, value] of Object.entries((await figuresOf(backend)) ?? {}))
      note(backend, figure, value);
  }
}

if (Number(values.repeats) > 0) tellFigures();

function tellFigures(): void {
  console.log(
    `\n${os.cpus()[0]?.model}, ${os.cpus().length} processors, one used; ${values.repeats} repeats`,
  );
  for (const way of ways) console.log(`${way}: ${told(found.get(way)?.get('programs/s') ?? [])} programs/s`);
  for (const backend of ['native', 'pyodide']) {
    console.log(`\n${backend}`);
    for (const [figure, all] of found.get(backend) ?? []) console.log(`  ${figure}: ${told(all)}`);
    const ours = found.get(backend)?.get('isolated programs/s') ?? [];
    for (const way of ways) {
      const theirs = found.get(way)?.get('programs/s') ?? [];
      const ratios = ours.map((rate, repeat) => rate / (theirs[repeat] ?? Number.NaN));
      if (ratios.length > 0) console.log(`  × ${way}: ${told(ratios)}`);
    }
  }
}

for (const backend of ['native', 'pyodide'] as const) {
  const sandbox = await opened(backend);
  if (sandbox === undefined) continue;
  if (!values['no-corpora']) {
    console.log(`\n${backend}, corpora of the red team`);
    for await (const count of countCorpora(sandbox, signal)) {
      console.log(`  ${tellCorpus(count)}`);
      for (const { name, told: ended } of count.failures) console.log(`    ${name}: ${ended}`);
    }
  }
  const runs = Number(values.soak ?? 0) / (backend === 'native' ? 1 : 10);
  if (runs > 0) console.log(await soak(sandbox, runs, signal));
  await sandbox.close();
}
