/**
 * `npm run bench:selfplay-simulated [-- --seeds N --first N]`: the monitors and rewards of self-play against a simulated learner,
 * without a model. Prints, as Markdown
 * - false and missed alarms in each scenario, and when each monitor that must fire first does;
 * - what throws of dice and an honest task earn under each preset;
 * - how the measured frontier follows the simulated skill;
 * - what all of it costs, CPU time per attempt.
 */
import { parseArgs } from 'node:util';
import { PresetName } from '../protocol/preset.ts';
import { alarms } from './simulated-learner/alarms.ts';
import { correlation } from './simulated-learner/correlation.ts';
import { mostExpected, paidFor } from './simulated-learner/dice.ts';
import { type Scenario, scenarios } from './simulated-learner/scenarios.ts';
import { type Simulated, simulate } from './simulated-learner/simulate.ts';
import type { Sides } from './simulated-learner/world.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, first: { type: 'string', default: '101' } },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => Number(values.first) + index);

console.log(`Random seeds ${seeds[0]} to ${seeds.at(-1)}; thresholds were set on 1 to 20.\n`);
const before = process.cpuUsage();
const played = scenarios.map((scenario) => ({
  scenario,
  runs: seeds.map((seed) => simulate(scenario, seed)),
}));
const { user, system } = process.cpuUsage(before);

tellAlarms();
tellDice();
tellFrontier(played.find(({ scenario }) => scenario.name === 'healthy')?.runs ?? []);
const groups = played.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.groups, 0);
const perAttempt = (user + system) / 1000 / groups / 8;
console.log(
  `Rewards, choice of tasks, monitors and the simulation itself: ${perAttempt.toFixed(3)} ms CPU per attempt (${groups} groups of 8).`,
);

function tellAlarms(): void {
  console.log(
    '| scenario | must fire | missed alarms | false alarms | fires first at (median share of the run) |',
  );
  console.log('|---|---|---|---|---|');
  for (const { scenario, runs } of played) {
    const wrong = runs.map(({ fired }) => alarms(scenario, fired));
    const must = scenario.must.join(', ') || 'none';
    const missed = counted(wrong.flatMap((alarm) => alarm.missed));
    const wrongly = counted(wrong.flatMap((alarm) => alarm.false));
    console.log(
      `| ${scenario.name} | ${must} | ${missed} | ${wrongly} | ${firstTimes(scenario, runs).join(', ') || '–'} |`,
    );
  }
}

function counted(names: readonly string[]): string {
  return names.length === 0 ? '0' : `${names.length}: ${[...new Set(names)].join(', ')}`;
}

function firstTimes({ must }: Scenario, runs: readonly Simulated[]): string[] {
  return must.map((monitor) => {
    const times = runs.flatMap(
      ({ fired }) => fired.find(({ finding }) => finding.monitor === monitor)?.at ?? [],
    );
    return `${monitor} ${times.length === 0 ? 'never' : median(times).toFixed(2)}`;
  });
}

function tellDice(): void {
  const sorts: readonly (readonly [string, Sides | undefined])[] = [
    ['honest, half solved', undefined],
    ['a parity of a hash, in words', 2],
    ['a hash modulo 4', 4],
    ['a digit of a hash', 10],
  ];
  console.log('\nWhat a proposal earns: in all (of it for being solved neither always nor never).\n');
  console.log(`| proposal | ${PresetName.options.join(' | ')} |`);
  console.log(`|---|${PresetName.options.map(() => '---|').join('')}`);
  for (const [name, sides] of sorts) {
    const cells = paidFor(sides, seeds).map(({ total, term }) => `${total.toFixed(2)} (${term.toFixed(2)})`);
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  const most = PresetName.options.map((preset) => `(${mostExpected(preset).toFixed(2)})`);
  console.log(`| the most at any rate of right answers, one wrong answer | ${most.join(' | ')} |`);
}

function tellFrontier(healthy: readonly Simulated[]): void {
  const points = healthy.map(({ frontier }) =>
    frontier.map(({ skill, measured }) => [skill, measured] as const),
  );
  const follows = points.map(correlation);
  const gaps = points.flat().map(([skill, measured]) => measured - skill);
  const ends = points.map((run) => run.at(-1)?.[0] ?? 0);
  console.log(
    `\nHealthy runs: skill rises from 0 to ${median(ends).toFixed(1)} (median); the measured frontier follows it with a correlation of ${median(follows).toFixed(3)} (least ${Math.min(...follows).toFixed(3)}), at a distance of ${median(gaps).toFixed(2)} (${Math.min(...gaps).toFixed(2)} to ${Math.max(...gaps).toFixed(2)}).\n`,
  );
}
