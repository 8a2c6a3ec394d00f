/**
 * `npm run bench:selfplay-simulated [-- --seeds N]`: the monitors and rewards of self-play against a simulated learner, without a
 * model. Prints, as Markdown
 * - false and missed alarms in each scenario, and when each monitor that must fire first does;
 * - what a coin flip and an honest task earn under each preset;
 * - how the measured frontier follows the simulated skill;
 * - what rewards and monitors cost, CPU time per attempt.
 */
import { parseArgs } from 'node:util';
import { alarms } from './simulated-learner/alarms.ts';
import { coinFlips } from './simulated-learner/coin-flips.ts';
import { correlation } from './simulated-learner/correlation.ts';
import { scenarios } from './simulated-learner/scenarios.ts';
import { simulate } from './simulated-learner/simulate.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20' } } });
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);

let groups = 0;
const cpu = process.cpuUsage();
console.log(`${seeds.length} random seeds each.\n`);
console.log(
  '| scenario | must fire | missed alarms | false alarms | first fires at, share of the run (median) |',
);
console.log('|---|---|---|---|---|');
const healthy: ReturnType<typeof simulate>[] = [];
for (const scenario of scenarios) {
  const runs = seeds.map((seed) => simulate(scenario, seed));
  if (scenario.name === 'healthy') healthy.push(...runs);
  groups += runs.reduce((sum, run) => sum + run.groups, 0);
  const wrong = runs.map(({ fired }) => alarms(scenario, fired));
  const told = (names: readonly string[]) =>
    `${names.length}${names.length === 0 ? '' : `: ${[...new Set(names)].join(', ')}`}`;
  const first = scenario.must.map((monitor) => {
    const times = runs.flatMap(
      ({ fired }) => fired.find(({ finding }) => finding.monitor === monitor)?.at ?? [],
    );
    return `${monitor} ${times.length === 0 ? 'never' : median(times).toFixed(2)}`;
  });
  console.log(
    `| ${scenario.name} | ${scenario.must.join(', ') || 'none'} | ${told(wrong.flatMap(({ missed }) => missed))} | ${told(wrong.flatMap((alarm) => alarm.false))} | ${first.join(', ') || '–'} |`,
  );
}
const { user, system } = process.cpuUsage(cpu);

console.log(
  '\n| preset | a coin flip earns | of it for learnability or uncertainty | most that a task can earn for it | an honest task at a half earns |',
);
console.log('|---|---|---|---|---|');
for (const { preset, coin, coinTerm, most, honest } of coinFlips(seeds)) {
  console.log(
    `| ${preset} | ${coin.toFixed(2)} | ${coinTerm.toFixed(2)} | ${most.toFixed(2)} | ${honest.toFixed(2)} |`,
  );
}

const rising = healthy.map(({ frontier }) =>
  correlation(frontier.map(({ skill, measured }) => [skill, measured])),
);
const gaps = healthy.flatMap(({ frontier }) => frontier.map(({ skill, measured }) => measured - skill));
const ends = healthy.map(({ frontier }) => frontier.at(-1)?.skill ?? 0);
console.log(
  `\nHealthy runs: skill rises from 0 to ${median(ends).toFixed(1)}; the measured frontier follows it with a correlation of ${median(rising).toFixed(3)} (least ${Math.min(...rising).toFixed(3)}), at a distance of ${median(gaps).toFixed(2)} (${Math.min(...gaps).toFixed(2)} to ${Math.max(...gaps).toFixed(2)}).`,
);
console.log(
  `Rewards, choice of tasks, monitors and the simulation itself: ${((user + system) / 1000 / groups / 8).toFixed(3)} ms CPU per attempt (${groups} groups of 8).`,
);
