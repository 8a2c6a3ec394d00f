import type { Attempt, ProposalVerdict } from '../../protocol/group.ts';
import type { Verdict } from '../../protocol/judge.ts';
import { type Choices, choices } from '../../server/src/selfplay/choices.ts';
import { Curriculum } from '../../server/src/selfplay/curriculum/curriculum.ts';
import type { Finding } from '../../server/src/selfplay/monitors/finding.ts';
import { observeAttempts, observeProposals } from '../../server/src/selfplay/monitors/observe.ts';
import { Steering } from '../../server/src/selfplay/monitors/steering.ts';
import { solvesPerEvaluation, Watch } from '../../server/src/selfplay/monitors/watch.ts';
import { namedPreset } from '../../server/src/selfplay/presets/named-preset.ts';
import { agreement } from '../../server/src/selfplay/rewards/agreement.ts';
import { Evidence } from '../../server/src/selfplay/rewards/evidence.ts';
import { guessCorrected } from '../../server/src/selfplay/rewards/learnability.ts';
import { solveRate, triedBy } from '../../server/src/selfplay/rewards/solve-rate.ts';
import { TaskChoice } from '../../server/src/selfplay/task-choice.ts';
import { type Behaviour, behaviours } from './behaviour.ts';
import type { Scenario } from './scenarios.ts';
import { type SimulatedTask, World } from './world.ts';

/** Groups of proposals in a run; about five groups of attempts follow each. */
const rounds = 200;
/** How sharply an attempt's chance turns at the task's difficulty. */
const sharpness = 1.5;
/** Spread of the difficulties that a proposer writes about its mean, and how fast the mean follows its rewards. */
const proposer = { spread: 1, step: 0.12 } as const;
/** Held-out tasks, of difficulties from −1 to 5 in even steps, each tried once in an evaluation. */
const heldOutTasks = 96;
/** Rounds whose measured frontier is one point. */
const frontierRounds = 20;

export interface Fired {
  readonly finding: Finding;
  /** Share of the run at which it fired. */
  readonly at: number;
}

export interface Simulated {
  readonly fired: readonly Fired[];
  /** The simulated skill beside the mean difficulty of the tasks whose corrected rate was measured between 0.2 and 0.8. */
  readonly frontier: readonly { readonly skill: number; readonly measured: number }[];
  /** Groups of the run, of either role. */
  readonly groups: number;
}

/** Plays a scenario: simulated model, real rewards, guess rates, choice of tasks and monitors. The same seed gives the same run. */
export function simulate(scenario: Scenario, randomSeed: number): Simulated {
  const behave = behaviours[scenario.name];
  if (behave === undefined) throw new RangeError(`There is no behaviour for ${scenario.name}.`);
  const preset = namedPreset(scenario.preset);
  const chance = choices(randomSeed);
  const world = new World(chance);
  const evidence = new Evidence(preset);
  const watch = new Watch();
  const { limitsFewValued } = preset;
  const steering = new Steering();
  let curriculum = new Curriculum([]);
  const choosing = () => {
    const measured = preset.curriculum ? curriculum : undefined;
    const parts = { evidence, steering, choices: chance, limitsFewValued, curriculum: measured };
    return new TaskChoice({ ...parts, isRetired: () => false });
  };
  let choice = choosing();
  const known = new Map<string, SimulatedTask>();
  const played = new Map<string, number>();
  const fired: Fired[] = [];
  const frontier: { skill: number; measured: number }[] = [];
  let learnable: number[] = [];
  let skill = 0;
  let mean = behave(0).difficulty;
  let solves = 0;
  let now = 0;
  const note = (findings: readonly Finding[]) =>
    fired.push(...findings.map((finding) => ({ finding, at: now })));

  const solve = (simulated: SimulatedTask, behaviour: Behaviour) => {
    const { task } = simulated;
    const answered = Array.from({ length: preset.groupSize.solve }, () =>
      attempt(simulated, skill, behaviour, chance),
    );
    const agreed = agreement(answered) ?? 0;
    const samples = answered.map((one) => ({
      ...sampleBase,
      ...one,
      reward: preset.solver(one.verdict, agreed),
    }));
    choice.played(task);
    evidence.played(task, { samples });
    played.set(task.id, (played.get(task.id) ?? 0) + 1);
    curriculum.add(task, triedBy(samples.map(({ verdict }) => verdict)));
    const rate = solveRate(samples.map(({ verdict }) => verdict)) ?? 0;
    // A policy gradient moves by the variance of its rewards.
    if (Number.isFinite(simulated.difficulty)) skill += behaviour.learning * 4 * rate * (1 - rate);
    const guess = { chance: evidence.chance(task), fewValues: evidence.hasFewValues(task) };
    const corrected = guessCorrected(rate, guess.chance);
    if (Number.isFinite(simulated.difficulty) && corrected >= 0.2 && corrected <= 0.8)
      learnable.push(simulated.difficulty);
    note(watch.solved('deduction', observeAttempts({ samples }, preset, guess)));
    solves += 1;
    if (solves % solvesPerEvaluation === 0) note(watch.evaluated(evaluate(skill, behaviour, chance)));
    return { samples };
  };

  for (let round = 0; round < rounds; round += 1) {
    now = round / rounds;
    const behaviour = behave(now);
    const drawn = Array.from({ length: preset.groupSize.propose }, () =>
      proposal(behaviour, mean + proposer.spread * normal(chance), world, chance),
    );
    const fresh = drawn.flatMap(({ simulated }) => simulated ?? []);
    for (const { task } of fresh) evidence.proposed(task);
    const tasks = fresh.filter(({ task }) => task.trivial === null);
    for (const simulated of tasks) known.set(simulated.task.id, simulated);
    const toMeasure = new Set(
      choice.measured(
        tasks.map(({ task }) => task),
        drawn.length,
      ),
    );
    const rewards: { difficulty: number; reward: number }[] = [];
    for (const simulated of tasks.filter(({ task }) => toMeasure.has(task))) {
      const measured = evidence.measure(simulated.task, solve(simulated, behaviour));
      const { total } = preset.proposer({ verdict: 'valid' }, { ...measured, siblings: 1 });
      rewards.push({ difficulty: simulated.difficulty, reward: total });
    }
    if (behaviour.follows) mean += step(rewards, mean);
    const samples = drawn.map(({ verdict, simulated }) => ({
      ...sampleBase,
      answer: '',
      verdict,
      reward: { total: 0, parts: {} },
      taskId: simulated?.task.id ?? null,
    }));
    const patterns = tasks.map(({ task }) => evidence.pattern(task));
    note(watch.proposed('deduction', observeProposals({ samples }, patterns)));
    const open = [...known.values()].slice(-200).map(({ task }) => task);
    const again = choice.choose(open, ({ id }) => played.get(id) ?? 0);
    const simulated = again === undefined ? undefined : known.get(again.id);
    if (simulated !== undefined) solve(simulated, behaviour);
    if ((round + 1) % frontierRounds > 0) continue;
    // As where a trained model is published: what was measured of the one before says nothing of it.
    if (behaviour.publishes) {
      curriculum = new Curriculum([]);
      choice = choosing();
    }
    if (learnable.length > 0) frontier.push({ skill, measured: average(learnable) });
    learnable = [];
  }
  return { fired, frontier, groups: rounds + solves };
}

interface Proposed {
  readonly verdict: ProposalVerdict;
  readonly simulated?: SimulatedTask;
}

function proposal(behaviour: Behaviour, difficulty: number, world: World, chance: Choices): Proposed {
  if (uniform(chance) >= behaviour.running) return { verdict: { verdict: 'invalid', reason: 'exception' } };
  if (uniform(chance) < behaviour.copied) return { verdict: { verdict: 'not-new', reason: 'same-call' } };
  const simulated = world.propose(difficulty, uniform(chance) < behaviour.coins ? 2 : undefined);
  const { trivial } = simulated.task;
  return {
    verdict: trivial === null ? { verdict: 'valid' } : { verdict: 'trivial', reason: trivial },
    simulated,
  };
}

/** One answer: right by skill, or by a guess where skill does not reach. */
function attempt(
  { difficulty, guess, task }: SimulatedTask,
  skill: number,
  { formatted, guesses, cheats }: Behaviour,
  chance: Choices,
): Pick<Attempt, 'answer' | 'verdict'> {
  const gold = task.kind === 'deduction' ? task.output : '';
  if (cheats) return { answer: gold, verdict: right };
  if (uniform(chance) >= formatted)
    return { answer: null, verdict: { verdict: 'wrong', reason: 'malformed' } };
  const solves = guesses ? 0 : 1 / (1 + Math.exp(sharpness * (difficulty - skill)));
  // A model far below a task does not even guess: it writes something of another type.
  const reaches = guesses || !Number.isFinite(difficulty) || difficulty - skill < 6;
  if (uniform(chance) < solves || (reaches && uniform(chance) < guess))
    return { answer: gold, verdict: right };
  const answer = `${chance.randomSeed() % 50}`;
  return { answer, verdict: { verdict: 'wrong', reason: 'different' } };
}

function evaluate(skill: number, behaviour: Behaviour, chance: Choices): { right: number; judged: number } {
  let rightOnes = 0;
  for (let index = 0; index < heldOutTasks; index += 1) {
    const difficulty = behaviour.difficulty - 1 + (6 * index) / heldOutTasks;
    const solves = behaviour.guesses ? 0.02 : 1 / (1 + Math.exp(sharpness * (difficulty - skill)));
    if (uniform(chance) < behaviour.formatted * solves) rightOnes += 1;
  }
  return { right: rightOnes, judged: heldOutTasks };
}

/** A policy gradient for the mean of what is proposed: rewards above their mean pull towards their difficulty. */
function step(
  rewards: readonly { readonly difficulty: number; readonly reward: number }[],
  mean: number,
): number {
  const finite = rewards.filter(({ difficulty }) => Number.isFinite(difficulty));
  if (finite.length < 2) return 0;
  const baseline = average(finite.map(({ reward }) => reward));
  return (
    proposer.step *
    finite.reduce((sum, { difficulty, reward }) => sum + (reward - baseline) * (difficulty - mean), 0)
  );
}

const right: Verdict = { verdict: 'right' };
/** The fields of a sample that nothing here looks at. */
export const sampleBase: Omit<Attempt, 'answer' | 'verdict' | 'reward'> = {
  index: 0,
  text: '',
  tokens: [],
  finish: 'delimiter',
  randomSeed: 0,
  promptTokens: 0,
  completionTokens: 0,
  promptMs: 0,
  completionMs: 0,
  trainable: true,
};

export function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** In [0, 1). */
function uniform(chance: Choices): number {
  return chance.randomSeed() / 2 ** 31;
}

/** Standard normal (Box and Muller 1958). */
function normal(chance: Choices): number {
  return Math.sqrt(-2 * Math.log(1 - uniform(chance))) * Math.cos(2 * Math.PI * uniform(chance));
}
