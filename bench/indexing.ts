/**
 * `npm run bench:indexing [-- --growth 1000,10000,50000]`: how fast a folder is indexed, before any of its functions is run.
 * - Python's own standard library, tests left out: cold, against the time that web-tree-sitter needs just to parse the same files
 *   in one thread; again where nothing changed; how long the event loop is held meanwhile; a file after an edit;
 * - growth: folders of small modules, each in a process of its own: time, and the most memory.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Language, Parser } from 'web-tree-sitter';
import { asset } from '../server/src/entry-point.ts';
import { findFiles } from '../server/src/mining/files/find-files.ts';
import { readSource } from '../server/src/mining/files/read-source.ts';
import { fingerprint } from '../server/src/mining/fingerprint.ts';
import { indexModule } from '../server/src/mining/indexing/file-index.ts';
import { KeptTrees } from '../server/src/mining/kept-trees.ts';
import { mine } from '../server/src/mining/mine.ts';
import { noPackages } from '../server/src/mining/slicing/standard-library.ts';
import type { Sandbox } from '../server/src/sandbox/sandbox.ts';

const { values } = parseArgs({
  options: {
    growth: { type: 'string', default: '1000,10000,50000' },
    /** Of a process that measures one folder for another one. */
    folder: { type: 'string' },
    repeats: { type: 'string', default: '3' },
  },
});
const { signal } = new AbortController();
const repeats = Number(values.repeats);

/** What a folder's own tests, packages and caches are not. */
const bounds = {
  exclude: ['test/', 'tests/', 'idle_test/', 'site-packages/'],
  maxFiles: 100_000,
  maxFileBytes: 2 ** 20,
};

/** Nothing is run where no unit is asked for. */
const noSandbox = { packages: noPackages } as Sandbox;

async function indexed(folder: string): Promise<number> {
  const begun = performance.now();
  // Of no such unit: everything is indexed and none is mined.
  for await (const _ of mine({ folder, ...bounds, explain: 'no such unit', sandbox: noSandbox }, signal));
  return performance.now() - begun;
}

if (values.folder !== undefined) {
  const ms = await indexed(values.folder);
  console.log(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1_024 }));
} else {
  await standardLibrary();
  await growth(values.growth.split(',').map(Number));
}

async function standardLibrary(): Promise<void> {
  const folder = execFileSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__))'])
    .toString()
    .trim();
  const { python } = await findFiles({ folder, ...bounds }, signal);
  const texts: string[] = [];
  for (const file of python) {
    const read = await readSource(join(folder, file), bounds.maxFileBytes, signal);
    if (read.ok) texts.push(read.source.text);
  }
  await Parser.init({ locateFile: () => asset('web-tree-sitter.wasm') });
  const parser = new Parser().setLanguage(await Language.load(asset('tree-sitter-python.wasm')));
  const ratios: number[] = [];
  const colds: number[] = [];
  const warms: number[] = [];
  const before = await fingerprint({ folder, ...bounds }, 'bench', undefined, signal);
  const held: { readonly p99: number; readonly most: number }[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const begun = performance.now();
    for (const text of texts) parser.parse(text)?.delete();
    const parse = performance.now() - begun;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const cold = await indexed(folder);
    delay.disable();
    held.push({ p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 });
    const again = performance.now();
    await fingerprint({ folder, ...bounds }, 'bench', before, signal);
    warms.push(performance.now() - again);
    colds.push(cold);
    ratios.push(cold / parse);
  }
  const characters = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  console.log(`standard library: ${texts.length} files, ${characters.toFixed(1)} million characters`);
  console.log(
    `  indexed cold in ${spread(
      colds.map((ms) => ms / 1_000),
      2,
    )} s, ${spread(ratios, 2)} × parsing alone`,
  );
  console.log(`  known to be unchanged in ${spread(warms, 0)} ms`);
  console.log(
    `  event loop held meanwhile for ${spread(
      held.map(({ p99 }) => p99),
      1,
    )} ms (p99), ${spread(
      held.map(({ most }) => most),
      0,
    )} ms (most)`,
  );
  await edits(folder, python);
}

/** How long an edited file takes until it is indexed again: a line is put into the middle of each file of a copy. */
async function edits(folder: string, files: readonly string[]): Promise<void> {
  const wanted = { functions: new Set<string>(), units: new Set<string>() };
  const copy = await mkdtemp(join(tmpdir(), 'autodidact-bench-'));
  const times: { readonly again: number; readonly whole: number }[] = [];
  try {
    for (const file of files) {
      const read = await readSource(join(folder, file), bounds.maxFileBytes, signal);
      if (!read.ok) continue;
      const options = { folder: copy, maxFileBytes: bounds.maxFileBytes };
      const trees = new KeptTrees();
      await writeFile(join(copy, 'edited.py'), read.source.text);
      await indexModule('edited.py', { ...options, trees }, wanted, signal);
      const lines = read.source.text.split('\n');
      lines.splice(lines.length >> 1, 0, '# edited');
      await writeFile(join(copy, 'edited.py'), lines.join('\n'));
      const begun = performance.now();
      await indexModule('edited.py', { ...options, trees }, wanted, signal);
      const again = performance.now() - begun;
      const anew = performance.now();
      await indexModule('edited.py', options, wanted, signal);
      times.push({ again, whole: performance.now() - anew });
      trees.close();
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  const told = (name: 'again' | 'whole') => {
    const sorted = times.map((each) => each[name]).toSorted((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
    return `${at(0.5)} ms (median), ${at(0.9)} ms (p90), ${at(0.99)} ms (p99)`;
  };
  console.log(`  an edited file again in ${told('again')}; without its kept tree in ${told('whole')}`);
}

async function growth(counts: readonly number[]): Promise<void> {
  let first: { readonly count: number; readonly ms: number } | undefined;
  for (const count of counts) {
    const folder = await mkdtemp(join(tmpdir(), 'autodidact-bench-'));
    try {
      await writeModules(folder, count);
      const program = fileURLToPath(import.meta.url);
      const out = execFileSync(process.execPath, [program, '--folder', folder], {
        maxBuffer: 2 ** 20,
      }).toString();
      const { ms, megabytes } = JSON.parse(out) as { ms: number; megabytes: number };
      first ??= { count, ms };
      const linear = (ms / first.ms / (count / first.count)).toFixed(2);
      console.log(
        `${count} modules: ${(ms / 1_000).toFixed(1)} s, ${((1_000 * ms) / count).toFixed(0)} µs each (${linear} × the first's), ${megabytes.toFixed(0)} MB`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Small modules, a hundred to a package, each with functions, a class, and calls of the one before. */
async function writeModules(folder: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const place = join(folder, `package_${Math.floor(at / 100)}`);
    if (at % 100 === 0) {
      await mkdir(place);
      await writeFile(join(place, '__init__.py'), '');
    }
    await writeFile(join(place, `module_${at}.py`), moduleText(at));
  }
}

function moduleText(at: number): string {
  const functions = Array.from(
    { length: 6 },
    (_, index) => `
def combine_${at}_${index}(items, limit=${index}):
    """Combines what is above a limit."""
    total = 0
    for item in items:
        if item > limit:
            total += item * ${at % 97} + len(str(item))
    return total
`,
  ).join('\n');
  const before = at % 100 === 0 ? '' : `from .module_${at - 1} import combine_${at - 1}_0 as before\n\n`;
  const uses =
    at % 100 === 0
      ? ''
      : `\n\ndef both_${at}():\n    return before([1, 2, ${at}]), combine_${at}_1([3], limit=2)\n`;
  return `import math\n\n${before}${functions}\n\nclass Holder${at}:\n    def __init__(self, value):\n        self.value = value\n\n    def scaled(self, by):\n        return math.floor(self.value * by)\n${uses}`;
}

/** The median of some figures, with the least and the most. */
function spread(figures: readonly number[], digits: number): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}
