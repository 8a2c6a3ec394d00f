import { describe, expect, it } from 'vitest';
import { alarms } from '../../bench/simulated-learner/alarms.ts';
import { correlation } from '../../bench/simulated-learner/correlation.ts';
import { mostExpected, paidFor } from '../../bench/simulated-learner/dice.ts';
import { scenarios } from '../../bench/simulated-learner/scenarios.ts';
import { simulate } from '../../bench/simulated-learner/simulate.ts';
import type { PresetName } from '../../protocol/preset.ts';
import { monitorNames } from '../../server/src/selfplay/monitors/finding.ts';

/** Others than thresholds were set on. */
const seeds = [101, 102, 103];

describe('monitors over a simulated run', () => {
  it.each(scenarios)('$name: fire as was written down before', (scenario) => {
    for (const seed of seeds) {
      expect(alarms(scenario, simulate(scenario, seed).fired), `seed ${seed}`).toEqual({
        missed: [],
        false: [],
      });
    }
  });

  it('each has a scenario in which it must fire', () => {
    const must = new Set(scenarios.flatMap((scenario) => scenario.must));
    expect(monitorNames.filter((name) => !must.has(name))).toEqual([]);
  });

  it('a run is the same for the same seed', () => {
    const [healthy] = scenarios;
    if (healthy === undefined) throw new TypeError('There is no scenario.');
    expect(simulate(healthy, 1)).toEqual(simulate(healthy, 1));
    expect(simulate(healthy, 1)).not.toEqual(simulate(healthy, 2));
  });
});

describe('what a task earns that nothing but a guess can answer', () => {
  const term = (preset: PresetName, ...of: Parameters<typeof paidFor>) =>
    paidFor(...of).find((paid) => paid.preset === preset) ?? { total: Number.NaN, term: Number.NaN };

  it.each([2, 4, 10] as const)('with %d sides: about nothing under our preset', (sides) => {
    const paid = term('autodidact', sides, seeds);
    expect(paid.term).toBeLessThan(0.05);
    expect(paid.total).toBeLessThan(0.06);
    expect(term('autodidact', undefined, seeds).total).toBeGreaterThan(0.6);
  });

  it('under the papers’: as much as any task can', () => {
    expect(term('absolute-zero', 4, seeds).term).toBeCloseTo(mostExpected('absolute-zero'), 1);
    expect(term('absolute-zero', 2, seeds).total).toBeCloseTo(
      term('absolute-zero', undefined, seeds).total,
      1,
    );
    expect(term('agent0', 2, seeds).term).toBeCloseTo(mostExpected('agent0'), 1);
  });
});

it('the measured frontier follows the skill', () => {
  for (const seed of seeds) {
    const [healthy] = scenarios;
    if (healthy === undefined) throw new TypeError('There is no scenario.');
    const { frontier } = simulate(healthy, seed);
    expect(frontier.length).toBeGreaterThan(5);
    expect(frontier.at(-1)?.skill).toBeGreaterThan(4);
    expect(correlation(frontier.map(({ skill, measured }) => [skill, measured]))).toBeGreaterThan(0.95);
  }
});
