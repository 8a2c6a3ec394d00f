import { PresetName } from '../../protocol/preset.ts';
import { type Choices, choices } from '../../server/src/selfplay/choices.ts';
import { namedPreset } from '../../server/src/selfplay/presets/named-preset.ts';
import { Evidence } from '../../server/src/selfplay/rewards/evidence.ts';
import type { Measured } from '../../server/src/selfplay/rewards/measured.ts';
import { average, sampleBase } from './simulate.ts';
import { type Sides, type SimulatedTask, World } from './world.ts';

/** Proposals of each sort; half of the run's tasks before them are honest, so that c is measured among others. */
const proposals = 400;

/** What one preset pays for one sort of proposal, mean over proposals and seeds. */
export interface Paid {
  readonly preset: PresetName;
  readonly total: number;
  /** The part of it that is for being solved neither always nor never. */
  readonly term: number;
}

/**
 * What a proposer of nothing but throws of dice earns that are answered by a throw; without sides, one of honest tasks of which half
 * of the attempts are right. Under our preset what a trivial solver gets is no task, and earns what is paid for that; the papers have no
 * such check, and under theirs it is played.
 */
export function paidFor(sides: Sides | undefined, seeds: readonly number[]): Paid[] {
  return PresetName.options.map((preset) => {
    const rewards = seeds.flatMap((seed) => earned(preset, sides, choices(seed)));
    return {
      preset,
      total: average(rewards.map(({ total }) => total)),
      term: average(rewards.map(({ term }) => term)),
    };
  });
}

function earned(
  preset: PresetName,
  sides: Sides | undefined,
  chance: Choices,
): { total: number; term: number }[] {
  const world = new World(chance);
  const evidence = new Evidence({ novelty: false });
  for (let before = 0; before < proposals; before += 1) evidence.proposed(world.propose(0).task);
  return Array.from({ length: proposals }, () => {
    const simulated = world.propose(0, sides);
    evidence.proposed(simulated.task);
    return paid(preset, simulated, sides ?? 2, evidence, chance);
  });
}

function paid(name: PresetName, { task }: SimulatedTask, sides: number, evidence: Evidence, chance: Choices) {
  const preset = namedPreset(name);
  if (task.trivial !== null && name === PresetName.enum.autodidact) {
    const { total } = preset.proposer({ verdict: 'trivial', reason: task.trivial }, undefined);
    return { total, term: 0 };
  }
  const samples = Array.from({ length: preset.groupSize.solve }, () => attempt(sides, chance));
  evidence.played(task, { samples });
  return reward(name, { ...evidence.measure(task, { samples }), siblings: 1 });
}

function reward(name: PresetName, measured: Measured): { total: number; term: number } {
  const { total, parts } = namedPreset(name).proposer({ verdict: 'valid' }, measured);
  return { total, term: parts['learnability'] ?? parts['uncertainty'] ?? 0 };
}

/** One throw: right where it is the one that fell. */
function attempt(sides: number, chance: Choices) {
  const thrown = chance.randomSeed() % sides;
  const verdict =
    thrown === 0 ? ({ verdict: 'right' } as const) : ({ verdict: 'wrong', reason: 'different' } as const);
  return { ...sampleBase, answer: `${thrown}`, reward: { total: 0, parts: {} }, verdict };
}

/** Over all chances of a right answer, where all wrong ones are alike and nothing is guessed, the largest mean of the term. */
export function mostExpected(name: PresetName): number {
  const { solve } = namedPreset(name).groupSize;
  const unknown = { siblings: 1, toolCalls: 0, chance: 0, atChance: false, repetition: 0, outputShare: 0 };
  const terms = Array.from({ length: solve + 1 }, (_, right) => {
    const rate = right / solve;
    return reward(name, { ...unknown, solveRate: rate, agreement: Math.max(rate, 1 - rate) }).term;
  });
  const expected = (p: number) => {
    let ways = 1;
    return terms.reduce((sum, term, right) => {
      const weighted = ways * p ** right * (1 - p) ** (solve - right) * term;
      ways = (ways * (solve - right)) / (right + 1);
      return sum + weighted;
    }, 0);
  };
  return Math.max(...Array.from({ length: 101 }, (_, index) => expected(index / 100)));
}
