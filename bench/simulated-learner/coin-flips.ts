import { PresetName } from '../../protocol/preset.ts';
import { type Choices, choices } from '../../server/src/selfplay/choices.ts';
import { namedPreset } from '../../server/src/selfplay/presets/named-preset.ts';
import { Evidence } from '../../server/src/selfplay/rewards/evidence.ts';
import type { Measured } from '../../server/src/selfplay/rewards/measured.ts';
import { average } from './simulate.ts';
import { type SimulatedTask, World } from './world.ts';

/** Tasks of each sort that are proposed and played. */
const tasks = 400;

/** What one preset pays, mean over tasks and seeds. */
export interface Paid {
  readonly preset: string;
  /** A coin flip that is answered by flipping another. */
  readonly coin: number;
  /** The part of it that is for being neither solved always nor never. */
  readonly coinTerm: number;
  /** The most that the part pays in expectation, whatever a task's solve rate. */
  readonly most: number;
  /** An honest task of which half of the attempts are right. */
  readonly honest: number;
}

/** What a proposer of nothing but coin flips earns under each preset, against one of honest tasks. */
export function coinFlips(seeds: readonly number[]): Paid[] {
  return PresetName.options.map((name) => {
    const [coins, honest] = [true, false].map((isCoin) =>
      seeds.flatMap((seed) => earned(name, isCoin, choices(seed))),
    );
    return {
      preset: name,
      coin: average((coins ?? []).map(({ total }) => total)),
      coinTerm: average((coins ?? []).map(({ term }) => term)),
      most: mostExpected(name),
      honest: average((honest ?? []).map(({ total }) => total)),
    };
  });
}

function earned(name: PresetName, isCoin: boolean, chance: Choices): { total: number; term: number }[] {
  const world = new World(chance);
  const evidence = new Evidence();
  const proposed = Array.from({ length: tasks }, () => world.propose(0, isCoin));
  for (const { task } of proposed) evidence.validated(task);
  return proposed.flatMap((simulated) =>
    simulated.task.trivial === null ? paid(name, simulated, evidence, chance) : [],
  );
}

function paid(name: PresetName, { task }: SimulatedTask, evidence: Evidence, chance: Choices) {
  const preset = namedPreset(name);
  const samples = Array.from({ length: preset.groupSize.solve }, () => attempt(chance));
  evidence.played(task, { samples });
  return [reward(name, { ...evidence.measure(task, { samples }, false), siblings: 1 })];
}

function reward(name: PresetName, measured: Measured): { total: number; term: number } {
  const { total, parts } = namedPreset(name).proposer({ verdict: 'valid' }, measured);
  return { total, term: parts['learnability'] ?? parts['uncertainty'] ?? 0 };
}

/** One of two answers, either right half of the time. */
function attempt(chance: Choices) {
  const isRight = chance.randomSeed() % 2 === 0;
  return {
    index: 0,
    text: '',
    answer: isRight ? 'True' : 'False',
    tokens: [],
    finish: 'delimiter' as const,
    randomSeed: 0,
    promptTokens: 0,
    completionTokens: 0,
    promptMs: 0,
    completionMs: 0,
    trainable: true,
    reward: { total: 0, parts: {} },
    verdict: isRight ? ({ verdict: 'right' } as const) : ({ verdict: 'wrong', reason: 'different' } as const),
  };
}

/** Over all true solve rates, the largest mean of the term, where nothing is guessed. */
function mostExpected(name: PresetName): number {
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
