import { Kind } from '../../../../protocol/kind.ts';
import { type Found, windowGroups } from './check.ts';
import { tooEasy, tooHard } from './difficulty.ts';
import type { Action, Finding, MonitorName } from './finding.ts';
import { guessing, windowOfGuessable } from './guessing.ts';
import type { HeldOutObservation, ProposeObservation, SolveObservation } from './observation.ts';
import { collapsingDiversity, copyingReferences, validRateFalling } from './proposals.ts';
import { rewardWindow, rewardWithoutHeldOut } from './reward-and-held-out.ts';
import { Series } from './series.ts';

/** What is done about each finding. */
export const actions: Readonly<Record<MonitorName, Action>> = {
  'too-easy': 'prefer-harder',
  'too-hard': 'prefer-easier',
  guessing: 'avoid-guessable',
  'collapsing-diversity': 'raise-novelty',
  'copying-references': 'raise-novelty',
  'valid-rate-falling': 'pause-proposals',
  'reward-without-held-out': 'stop',
};

/** Groups for which an action holds, and its monitor is silent for the kind: until both of its windows are new. */
export const actionGroups = 2 * windowGroups;

/**
 * Groups of attempts to one evaluation, so that a window of these is as long as one of those: where evaluations are rarer, so many of
 * the groups after each are compared with the next.
 */
export const solvesPerEvaluation = rewardWindow.groups / rewardWindow.evaluations;

/** Watches a run: takes one observation after another and says what the monitors find. Keeps five windows of each, no more. */
export class Watch {
  readonly #solves = seriesOfKinds<SolveObservation>(windowGroups);
  readonly #fewValued = seriesOfKinds<SolveObservation>(windowOfGuessable);
  readonly #proposals = seriesOfKinds<ProposeObservation>(windowGroups);
  readonly #allSolves = new Series<SolveObservation>(rewardWindow.groups);
  readonly #heldOut = new Series<HeldOutObservation>(rewardWindow.evaluations);
  /** Groups of attempts since the last evaluation that are compared with the next. */
  #sinceEvaluation = 0;
  /** Observations that a monitor still lets pass, by monitor and kind. */
  readonly #silent = new Map<string, number>();

  solved(kind: Kind, observation: SolveObservation): Finding[] {
    this.#solves[kind].add(observation);
    if (this.#sinceEvaluation < solvesPerEvaluation) this.#allSolves.add(observation);
    this.#sinceEvaluation += 1;
    if (observation.fewValues) this.#fewValued[kind].add(observation);
    const { windows } = this.#solves[kind];
    return [
      ...this.#finding('too-easy', kind, () => tooEasy(windows)),
      ...this.#finding('too-hard', kind, () => tooHard(windows)),
      ...this.#finding('guessing', kind, () => guessing(this.#fewValued[kind].windows)),
      ...this.#rewardAndHeldOut(),
    ];
  }

  proposed(kind: Kind, observation: ProposeObservation): Finding[] {
    this.#proposals[kind].add(observation);
    const { windows } = this.#proposals[kind];
    return [
      ...this.#finding('collapsing-diversity', kind, () => collapsingDiversity(windows)),
      ...this.#finding('copying-references', kind, () => copyingReferences(windows)),
      ...this.#finding('valid-rate-falling', kind, () => validRateFalling(windows)),
    ];
  }

  /** An evaluation on held-out tasks. What is found without any is nothing: rewards alone cannot tell a cheat from learning. */
  evaluated(observation: HeldOutObservation): Finding[] {
    this.#heldOut.add(observation);
    this.#sinceEvaluation = 0;
    return this.#rewardAndHeldOut();
  }

  #rewardAndHeldOut(): Finding[] {
    return this.#finding('reward-without-held-out', null, () =>
      rewardWithoutHeldOut(this.#allSolves.windows, this.#heldOut.windows),
    );
  }

  #finding(monitor: MonitorName, kind: Kind | null, check: () => Found | undefined): Finding[] {
    const key = `${monitor}/${kind}`;
    const silent = this.#silent.get(key) ?? 0;
    if (silent > 0) {
      this.#silent.set(key, silent - 1);
      return [];
    }
    const found = check();
    if (found === undefined) return [];
    this.#silent.set(key, actionGroups);
    return [{ monitor, action: actions[monitor], kind, ...found }];
  }
}

function seriesOfKinds<T>(size: number): Readonly<Record<Kind, Series<T>>> {
  const series = () => new Series<T>(size);
  const { deduction, abduction, induction, explain } = Kind.enum;
  return {
    [deduction]: series(),
    [abduction]: series(),
    [induction]: series(),
    [explain]: series(),
  };
}
