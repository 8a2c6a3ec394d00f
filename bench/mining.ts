/**
 * `npm run bench:mining [-- --packages a,b --explain LOSS]`: how many of a package's functions become verified seeds. Real
 * packages, as source from PyPI at pinned versions. Prints for each
 * - eligible units: functions and methods that take an argument besides `self`, return, yield or change something, and do no
 *   input or output by the static screen; with all those that take an argument beside it;
 * - yield: the share of them with a seed whose output is no exception, not None, no argument, and not the same for all calls;
 * - distinct seeds for each unit that has any, and the same figures for the plain doctest miner;
 * - the commonest reasons of loss.
 */
import { parseArgs } from 'node:util';
import type { MinedSource, Seed } from '../protocol/seed.ts';
import { packageWorkspace } from '../scripts/pypi/package-workspace.mjs';
import { type MineEvent, mine } from '../server/src/mining/mine.ts';
import { createSandbox } from '../server/src/sandbox/create-sandbox.ts';
import { readCall, readOutput } from '../server/src/values/literal-reader.ts';
import { identical } from '../server/src/values/relations.ts';
import { countUnits } from './mining/count-units.ts';

/** Pinned, so that figures of two days can be compared; from different fields. */
const packages: Readonly<Record<string, string>> = {
  toolz: '1.0.0',
  'more-itertools': '10.5.0',
  sortedcontainers: '2.4.0',
  inflection: '0.5.1',
  'python-slugify': '8.0.4',
  humanize: '4.11.0',
  networkx: '3.4.2',
  pyparsing: '3.2.0',
  jsonschema: '4.23.0',
  babel: '2.16.0',
  boltons: '24.1.0',
  'text-unidecode': '1.3',
};

const { values } = parseArgs({
  options: {
    packages: { type: 'string' },
    explain: { type: 'string' },
    doctests: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const { signal } = new AbortController();
const sandbox = await createSandbox({ env: process.env }, signal);
const chosen = values.packages?.split(',') ?? Object.keys(packages);
const yields: number[] = [];

for (const name of chosen) {
  const version = packages[name];
  const folder = await packageWorkspace(version === undefined ? { name } : { name, version }, {
    offline: false,
    signal,
  });
  const begun = performance.now();
  const events = await mined(folder, undefined);
  const seconds = (performance.now() - begun) / 1_000;
  const units = await countUnits(folder, events, signal);
  const told = (what: readonly MineEvent[]) => {
    const good = goodUnits(seedsOf(what), units.eligible);
    const seeds = [...good.values()].reduce((sum, count) => sum + count, 0);
    const share = units.eligible.size === 0 ? 0 : good.size / units.eligible.size;
    return { good: good.size, share, perUnit: good.size === 0 ? 0 : seeds / good.size };
  };
  const ours = told(events);
  yields.push(ours.share);
  const doctests = values.doctests ? told(await mined(folder, ['doctest'])) : undefined;
  console.log(
    `${name} ${version ?? ''}: ${ours.good} of ${units.eligible.size} eligible units (${percent(ours.share)}; of ${units.all} with a parameter ${percent(ours.good / units.all)}), ${ours.perUnit.toFixed(1)} seeds each, ${seconds.toFixed(0)} s` +
      (doctests === undefined ? '' : `; doctests alone ${percent(doctests.share)}`),
  );
  console.log(`  ineligible: ${list(units.ineligible)}`);
  console.log(`  lost: ${list(units.lost(seedsOf(events)))}`);
  if (values.explain !== undefined) {
    for (const event of events) {
      if (event.type === 'loss' && event.loss === values.explain)
        console.log(`    ${event.file}: ${event.symbol ?? ''}: ${event.detail.slice(0, 100)}`);
    }
  }
}
console.log(
  `average of ${chosen.length}: ${percent(yields.reduce((sum, one) => sum + one, 0) / yields.length)}`,
);
await sandbox.close();

async function mined(folder: string, sources: readonly MinedSource[] | undefined) {
  return Array.fromAsync(
    mine(
      {
        folder,
        exclude: [],
        maxFiles: 50_000,
        maxFileBytes: 512 * 1024,
        sandbox,
        ...(sources === undefined ? {} : { sources }),
      },
      signal,
    ),
  );
}

function seedsOf(events: readonly MineEvent[]): Seed[] {
  return events.flatMap((event) => (event.type === 'seed' ? [event.seed] : []));
}

/** Units with a seed that tells something, and how many distinct ones. */
function goodUnits(seeds: readonly Seed[], eligible: ReadonlySet<string>): Map<string, number> {
  const byUnit = Map.groupBy(seeds, ({ provenance: { file, symbol } }) => `${file}:${symbol}`);
  const good = new Map<string, number>();
  for (const [unit, its] of byUnit) {
    if (!eligible.has(unit)) continue;
    const telling = its.filter(isTelling);
    const outputs = new Set(telling.map(({ output }) => output));
    if (telling.length > 0 && (its.length === 1 || outputs.size > 1)) good.set(unit, telling.length);
  }
  return good;
}

/** Its output is a value, not None and none of its arguments. */
function isTelling({ call, output }: Seed): boolean {
  const read = readOutput(output);
  const given = readCall(call);
  if (!read.ok || !given.ok || read.value.type !== 'value') return false;
  const { value } = read.value;
  return value.type !== 'none' && !given.value.some((argument) => identical(argument, value));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 9)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
