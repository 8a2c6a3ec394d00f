import type { ProposeGroup, SolveGroup } from '../../../../protocol/group.ts';
import { isRight } from '../../../../protocol/judge.ts';
import type { Preset } from '../presets/preset.ts';
import type { ProposeObservation, SolveObservation } from './observation.ts';

/** What a recorded group of attempts says to monitors. */
export function observeAttempts(
  { samples }: Pick<SolveGroup, 'samples'>,
  { solverRange: [least, most] }: Pick<Preset, 'solverRange'>,
  { chance, fewValues }: Pick<SolveObservation, 'chance' | 'fewValues'>,
): SolveObservation {
  const judged = samples.filter(({ verdict }) => verdict.verdict !== 'unjudgeable');
  const paid = judged.reduce((sum, { reward }) => sum + reward.total, 0);
  return {
    right: judged.filter(({ verdict }) => isRight(verdict)).length,
    judged: judged.length,
    reward: judged.length === 0 ? 0 : (paid / judged.length - least) / (most - least),
    chance,
    fewValues,
  };
}

/** What a recorded group of proposals says; `patterns` are those of its tasks. */
export function observeProposals(
  { samples }: Pick<ProposeGroup, 'samples'>,
  patterns: readonly string[],
): ProposeObservation {
  return {
    asked: samples.length,
    ran: samples.filter(({ verdict }) => verdict.verdict !== 'invalid').length,
    known: samples.filter(({ verdict }) => verdict.verdict === 'not-new').length,
    patterns,
  };
}
