/**
 * `npm run bench:mining [-- --packages a,b --truth COUNT --no-doctests --no-recorded --no-installed --model NAME --explain LOSS]`: how
 * many of a package's functions become verified seeds. Real packages, as source from PyPI at pinned versions, their own tests run for
 * the calls that they make; with `--model`, a model of a running Ollama is asked for calls.
 * Prints for each
 * - eligible units: functions and methods that take an argument besides `self`, return, yield or change something, and do no
 *   input or output by the static screen; with all those that take an argument beside it;
 * - yield: the share of them with a seed whose output is no exception, not None, no argument, and not the same for all calls;
 * - seeds whose program imports an installed package; with `--no-installed` programs have none, as by default in Autodidact;
 * - distinct seeds for each unit that has any, and the same figures for the plain doctest miner;
 * - truth: seeds, chosen by chance, run against the installed package itself, floats compared bit by bit;
 * - the commonest reasons of loss.
 */
import { parseArgs } from 'node:util';
import { CallSource, type Seed, usualSources } from '../protocol/seed.ts';
import { packageWorkspace } from '../scripts/pypi/package-workspace.mjs';
import { type MineEvent, mine } from '../server/src/mining/mine.ts';
import { askingEnd } from '../server/src/mining/mine-event.ts';
import { importsPackage } from '../server/src/mining/slicing/standard-library.ts';
import { connect } from '../server/src/model/connect.ts';
import { ollamaEndpoint } from '../server/src/model/ollama.ts';
import { createSandbox } from '../server/src/sandbox/create-sandbox.ts';
import { tellSandbox } from '../server/src/sandbox/sandbox.ts';
import { createCallProposer } from '../server/src/selfplay/call-proposer.ts';
import { readCall, readOutput } from '../server/src/values/literal-reader.ts';
import { identical } from '../server/src/values/relations.ts';
import { countUnits } from './mining/count-units.ts';
import { measuredPackages, packagesEnvironment, pinnedVersion } from './mining/packages.ts';
import { truthOf } from './mining/truth.ts';

const { values } = parseArgs({
  options: {
    packages: { type: 'string' },
    explain: { type: 'string' },
    truth: { type: 'string', default: '200' },
    doctests: { type: 'boolean', default: true },
    recorded: { type: 'boolean', default: true },
    model: { type: 'string' },
    installed: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const { signal } = new AbortController();
const python = `${await packagesEnvironment(signal)}/python`;
const sandbox = await createSandbox({ python, packages: values.installed, env: process.env }, signal);
console.log(`Programs run in ${tellSandbox(sandbox)}.`);
const chosen = values.packages?.split(',') ?? measuredPackages;
const chosenSources: readonly CallSource[] = [
  ...usualSources,
  ...(values.recorded ? (['recorded'] as const) : []),
  ...(values.model === undefined ? [] : (['model'] as const)),
];
const rows: Row[] = [];

/** One package's figures. */
interface Row {
  readonly name: string;
  readonly share: number;
  readonly line: string;
}

for (const name of chosen) {
  const version = pinnedVersion(name);
  const folder = await packageWorkspace(version === undefined ? { name } : { name, version }, {
    offline: false,
    signal,
  });
  const begun = performance.now();
  const events = await mined(folder, chosenSources);
  const seconds = (performance.now() - begun) / 1_000;
  const units = await countUnits(folder, events, sandbox.packages, signal);
  const seeds = seedsOf(events);
  const ours = told(seeds, units.eligible);
  // Each source alone tells what the others add; the plain doctest miner is the baseline of the field.
  const bySource = Map.groupBy(seeds, ({ provenance: { source } }) => source);
  const alone = CallSource.options.map((source) => {
    const { share } = told(bySource.get(source) ?? [], units.eligible);
    return `${source} ${percent(share)}`;
  });
  const doctests = values.doctests
    ? told(seedsOf(await mined(folder, ['doctest'])), units.eligible)
    : undefined;
  const all = units.eligible.size + sum(units.ineligible.values());
  const lines = [
    `${name} ${version ?? ''}: ${ours.good} of ${units.eligible.size} eligible units (${percent(ours.share)}), ${ours.perUnit.toFixed(1)} distinct seeds each, ${seeds.length} seeds, ${seconds.toFixed(0)} s`,
    `  ${seeds.filter(({ program }) => importsPackage(program, sandbox.packages)).length} seeds import an installed package`,
    `  of all ${all} that take an argument ${percent(ours.good / all)}; ineligible ${percent(1 - units.eligible.size / all)}: ${list(units.ineligible)}`,
    `  with seeds of one source: ${alone.join(', ')}${doctests === undefined ? '' : `; mined from doctests alone ${percent(doctests.share)}`}`,
    `  lost: ${list(units.lost(seeds))}; answer visible: ${counted(events, 'answer-in-prompt')} calls`,
  ];
  if (values.model !== undefined) {
    lines.push(`  model asked: ${askedOf(events)}`);
    for (const event of events) {
      const end = askingEnd(event);
      if (end !== undefined) lines.push(`    ${end}`);
    }
  }
  if (Number(values.truth) > 0) {
    const { agree, differ, elsewhere } = await truthOf(seeds, Number(values.truth), signal);
    lines.push(
      `  truth: ${agree} of ${agree + differ.length} agree with the installed package (${elsewhere} of code that is not installed)`,
    );
    for (const each of differ.slice(0, 10)) lines.push(`    differs: ${each}`);
  }
  console.log(lines.join('\n'));
  rows.push({ name, share: ours.share, line: lines[0] ?? '' });
  if (values.explain !== undefined) {
    for (const event of events) {
      if (event.type === 'loss' && event.loss === values.explain)
        console.log(`    ${event.file}: ${event.symbol ?? ''}: ${event.detail.slice(0, 100)}`);
    }
  }
}
const shares = rows.map(({ share }) => share);
console.log(
  `average of ${chosen.length}: ${percent(sum(shares) / rows.length)}, lowest ${percent(Math.min(...shares))}`,
);
await sandbox.close();

/** Yield of seeds. */
function told(seeds: readonly Seed[], eligible: ReadonlySet<string>) {
  const good = goodUnits(seeds, eligible);
  return {
    good: good.size,
    share: eligible.size === 0 ? 0 : good.size / eligible.size,
    perUnit: good.size === 0 ? 0 : sum(good.values()) / good.size,
  };
}

function counted(events: readonly MineEvent[], loss: string): number {
  return events.filter((event) => event.type === 'loss' && event.loss === loss).length;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

async function mined(folder: string, sources: readonly CallSource[]) {
  return Array.fromAsync(
    mine(
      {
        folder,
        exclude: [],
        maxFiles: 50_000,
        maxFileBytes: 512 * 1024,
        split: { by: 'none' },
        sandbox,
        sources,
        recording: { python, env: process.env },
        proposing: values.model === undefined ? {} : { proposer: proposerOf(values.model) },
      },
      signal,
    ),
  );
}

function proposerOf(model: string) {
  return createCallProposer(model, async (stop) => {
    const { host } = await connect({ env: process.env, keep: false, start: false }, stop);
    return { endpoint: ollamaEndpoint({ host }) };
  });
}

/** What the model was asked, over all units. */
function askedOf(events: readonly MineEvent[]): string {
  const asked = events.flatMap((event) => (event.type === 'asked' ? [event] : []));
  const total = (count: 'answers' | 'wellFormed' | 'fresh' | 'returned') =>
    sum(asked.map((each) => each[count]));
  return `${asked.length} units, ${total('answers')} answers, ${total('wellFormed')} well-formed, ${total('fresh')} new, ${total('returned')} return`;
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
