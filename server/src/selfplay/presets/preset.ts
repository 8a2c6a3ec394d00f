import type { ProposalVerdict, Reward } from '../../../../protocol/group.ts';
import type { Verdict } from '../../../../protocol/judge.ts';
import type { Estimator, PresetName } from '../../../../protocol/preset.ts';
import type { ProposalForm } from '../../tasks/kind-spec.ts';
import type { Measured } from '../rewards/measured.ts';

/** A named set of choices: what is asked, what is paid, and how the trainer is to make advantages of it. */
export interface Preset {
  readonly name: PresetName;
  /** One line for a person who chooses. */
  readonly about: string;
  readonly estimator: Estimator;
  /** Samples drawn for one prompt. */
  readonly groupSize: { readonly propose: number; readonly solve: number };
  /** The forms in which proposals are asked for. */
  readonly forms: readonly ProposalForm['name'][];
  /** References that the prompt for a new program shows, less where they do not fit into the context; null: as its form says. */
  readonly references: number | null;
  /** Keep tasks with at most ten possible outputs to a quarter of what is played. */
  readonly limitsFewValued: boolean;
  /** Patterns that three trained versions of the model gained nothing on are played no more. */
  readonly retires: boolean;
  /** Choose tasks by how they went with this version of the model, and forms by what comes of them. */
  readonly curriculum: boolean;
  /** Attempts may run Python before they answer, where that does not give the answer away. */
  readonly tools: boolean;
  /** The proposer's reward asks how new a proposal is. */
  readonly novelty: boolean;
  /** Least and greatest solver reward. */
  readonly solverRange: readonly [least: number, most: number];
  /** Reward of a proposal. `measured`: what is known of a valid one; undefined for others. */
  proposer(verdict: ProposalVerdict, measured: Measured | undefined): Reward;
  /** Reward of an attempt. `agreement`: p̂ of its group. */
  solver(verdict: Verdict, agreement: number): Reward;
}
