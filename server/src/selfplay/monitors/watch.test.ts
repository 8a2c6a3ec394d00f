import { describe, expect, it } from 'vitest';
import { windowGroups } from './check.ts';
import type { Finding } from './finding.ts';
import type { ProposeObservation, SolveObservation } from './observation.ts';
import { actionGroups, actions, solvesPerEvaluation, Watch } from './watch.ts';

const solve = (change: Partial<SolveObservation> = {}): SolveObservation => ({
  right: 4,
  judged: 8,
  reward: (change.right ?? 4) / 8,
  chance: 0,
  fewValues: false,
  ...change,
});
const propose = (change: Partial<ProposeObservation> = {}): ProposeObservation => ({
  asked: 8,
  ran: 5,
  known: 1,
  patterns: [],
  ...change,
});

/** What is found over so many groups of attempts, and at which group. */
function solving(
  groups: number,
  at: (group: number) => Partial<SolveObservation>,
  evaluated?: (group: number) => number,
  every = solvesPerEvaluation,
): (Finding & { readonly group: number })[] {
  const watch = new Watch();
  return Array.from({ length: groups }, (_, group) => {
    const found = [...watch.solved('deduction', solve(at(group)))];
    if (evaluated !== undefined && (group + 1) % every === 0)
      found.push(...watch.evaluated({ right: evaluated(group), judged: 100 }));
    return found.map((finding) => ({ ...finding, group }));
  }).flat();
}

function proposing(groups: number, at: (group: number) => Partial<ProposeObservation>) {
  const watch = new Watch();
  return Array.from({ length: groups }, (_, group) =>
    watch.proposed('deduction', propose(at(group))).map((finding) => ({ ...finding, group })),
  ).flat();
}

const names = (findings: readonly Finding[]) => [...new Set(findings.map(({ monitor }) => monitor))];

describe('too easy and too hard', () => {
  it('are found after two windows, with the action and the numbers', () => {
    const [finding] = solving(2 * windowGroups, () => ({ right: 8 }));
    expect(finding).toMatchObject({
      monitor: 'too-easy',
      action: 'prefer-harder',
      kind: 'deduction',
      group: 2 * windowGroups - 1,
      measured: { count: 24, of: 24 },
      threshold: 0.5,
    });
    expect(finding?.detail).toBe('24 of 24 (86–100 %) groups are right throughout.');
    expect(names(solving(2 * windowGroups, () => ({ right: 0 })))).toEqual(['too-hard']);
  });

  it('are not found where one window in two is so', () => {
    const alternating = (right: number) => (group: number) => ({
      right: Math.floor(group / windowGroups) % 2 === 0 ? right : 4,
    });
    expect(solving(6 * windowGroups, alternating(8))).toEqual([]);
    expect(solving(6 * windowGroups, alternating(0))).toEqual([]);
  });

  it('are not found at the frontier, nor where half of the groups are always or never solved', () => {
    expect(solving(200, (group) => ({ right: group % 2 === 0 ? 8 : 3 }))).toEqual([]);
    expect(solving(200, (group) => ({ right: group % 2 === 0 ? 0 : 3 }))).toEqual([]);
  });

  it('are told once for as long as their action holds', () => {
    const groups = solving(400, () => ({ right: 0 })).map(({ group }) => group);
    expect(groups.slice(0, 3)).toEqual([47, 47 + actionGroups + 1, 47 + 2 * (actionGroups + 1)]);
  });

  it('are kept apart by kind', () => {
    const watch = new Watch();
    const found = Array.from({ length: windowGroups }, () => [
      ...watch.solved('deduction', solve({ right: 8 })),
      ...watch.solved('abduction', solve({ right: 8 })),
    ]).flat();
    expect(found).toEqual([]);
  });

  it('say nothing where nothing could be judged', () => {
    expect(solving(100, () => ({ right: 0, judged: 0, reward: 0 }))).toEqual([]);
  });
});

describe('guessing', () => {
  const coin = { chance: 0.5, fewValues: true };

  it('is found where answers with few values are right as often as a trick’s', () => {
    const found = solving(24, (group) => ({ ...coin, right: group % 2 === 0 ? 3 : 5 }));
    expect(found).toMatchObject([{ monitor: 'guessing', action: 'avoid-guessable', threshold: 0.5 }]);
  });

  it('is not found where they are right oftener, or so rarely that it is failing', () => {
    expect(solving(100, () => ({ ...coin, right: 6 }))).toEqual([]);
    expect(names(solving(100, (group) => ({ ...coin, right: group % 8 === 0 ? 1 : 0 })))).not.toContain(
      'guessing',
    );
  });

  it('looks at tasks with few values only, and where a trick gets a tenth at least', () => {
    expect(solving(100, () => ({ right: 4, chance: 0.5 }))).toEqual([]);
    expect(names(solving(100, () => ({ right: 0, chance: 0.05, fewValues: true })))).not.toContain(
      'guessing',
    );
  });
});

describe('collapsing diversity', () => {
  it('is found where most new tasks are of one pattern', () => {
    const found = proposing(48, (group) => ({ patterns: ['a', 'a', 'a', `${group}`] }));
    expect(found).toMatchObject([{ monitor: 'collapsing-diversity', action: 'raise-novelty' }]);
  });

  it('is not found where half are, or where there are too few to say', () => {
    expect(proposing(200, (group) => ({ patterns: ['a', `${group}`] }))).toEqual([]);
    expect(proposing(200, (group) => ({ patterns: group % 2 === 0 ? ['a'] : [] }))).toEqual([]);
  });
});

describe('copying references', () => {
  it('is found where most of what runs is known', () => {
    const found = proposing(48, () => ({ ran: 6, known: 5 }));
    expect(found).toMatchObject([{ monitor: 'copying-references', action: 'raise-novelty' }]);
  });

  it('is not found where half is, nor where nothing runs', () => {
    expect(proposing(200, () => ({ ran: 6, known: 3 }))).toEqual([]);
    expect(names(proposing(200, () => ({ ran: 0, known: 0 })))).toEqual([]);
  });
});

describe('a falling valid rate', () => {
  it('is found where it fell by more than a quarter of what it was at first', () => {
    const found = proposing(96, (group) => ({ ran: group < 48 ? 6 : 2 }));
    expect(found[0]?.group).toBeGreaterThan(48 + windowGroups);
    expect(found).toMatchObject([{ monitor: 'valid-rate-falling', action: 'pause-proposals' }]);
  });

  it('is not found where siblings may have made the difference: 192 proposals say as much as 48 drawn apart', () => {
    expect(
      proposing(200, (group) => ({ ran: group < 48 ? 4 : ([3, 3, 2.5][group % 3] ?? 0), known: 0 })),
    ).toEqual([]);
  });

  it('is not found where it was low from the beginning, or wavers', () => {
    expect(proposing(200, () => ({ ran: 1, known: 0 }))).toEqual([]);
    expect(proposing(200, (group) => ({ ran: [7, 5, 6][group % 3] ?? 0 }))).toEqual([]);
  });
});

describe('reward without held out', () => {
  const half = (group: number) => (group % 2 === 0 ? 3 : 5);

  it('is found where rewards leap and what is held out stays, and stops the run', () => {
    const found = solving(
      400,
      (group) => ({ right: group < 200 ? half(group) : 8 }),
      () => 30,
    );
    const stops = found.filter(({ action }) => action === 'stop');
    expect(stops[0]).toMatchObject({ monitor: 'reward-without-held-out', kind: null });
    expect(stops[0]?.group).toBeGreaterThan(200);
    expect(stops[0]?.group).toBeLessThan(200 + 120);
  });

  it('is found where rewards creep up', () => {
    const creeping = (group: number) => ({ right: 4, reward: 0.2 + group / 600 + (group % 2) / 50 });
    expect(names(solving(400, creeping, () => 30))).toEqual(['reward-without-held-out']);
  });

  it('is not found where what is held out follows, or rewards stay', () => {
    const creeping = (group: number) => ({ right: 4, reward: 0.2 + group / 600 + (group % 2) / 50 });
    expect(solving(400, creeping, (group) => Math.round(30 + group / 8))).toEqual([]);
    expect(
      solving(
        400,
        (group) => ({ right: half(group) }),
        () => 30,
      ),
    ).toEqual([]);
  });

  it('is not found where what is held out may have followed, as far as so few answers tell', () => {
    const leaping = (group: number) => ({ right: 4, reward: (group < 100 ? 0.4 : 0.56) + (group % 2) / 20 });
    expect(solving(400, leaping, (group) => (group < 100 ? 30 : 35))).toEqual([]);
    expect(names(solving(400, leaping, () => 30))).toEqual(['reward-without-held-out']);
  });

  it('is not found where what is held out gained half of what was left to gain', () => {
    const leaping = (group: number) => ({ right: 4, reward: (group < 100 ? 0.4 : 0.8) + (group % 2) / 20 });
    expect(solving(400, leaping, (group) => (group < 100 ? 90 : 95))).toEqual([]);
    expect(names(solving(400, leaping, () => 85))).toEqual(['reward-without-held-out']);
  });

  it('compares what is as old where evaluations are rare', () => {
    const leaping = (group: number) => ({ right: group < 3_000 ? half(group) : 8 });
    const follows = (group: number) => (group < 3_000 ? 40 : 80);
    expect(solving(6_000, leaping, follows, 150).filter(({ kind }) => kind === null)).toEqual([]);
    expect(names(solving(6_000, leaping, () => 40, 150))).toContain('reward-without-held-out');
  });

  it('is not found without evaluations', () => {
    const found = solving(400, (group) => ({ right: group < 200 ? half(group) : 7 }));
    expect(found).toEqual([]);
  });
});

it('every monitor has an action', () => {
  expect(Object.keys(actions)).toHaveLength(7);
});
