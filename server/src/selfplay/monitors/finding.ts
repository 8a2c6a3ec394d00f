import type { Kind } from '../../../../protocol/kind.ts';
import type { Share } from '../../../../protocol/report.ts';

/**
 * What is watched for while a run goes on:
 * - `too-easy`: most tasks are always solved, so that nothing can be learnt from them;
 * - `too-hard`: nearly no task is ever solved;
 * - `guessing`: answers are right no oftener than a trick's would be;
 * - `collapsing-diversity`: most new tasks are of one pattern;
 * - `copying-references`: most proposals that run are already known;
 * - `valid-rate-falling`: fewer proposals run than at first;
 * - `reward-without-held-out`: rewards rise, and what is held out does not follow: the reward is being cheated.
 */
export const monitorNames = [
  'too-easy',
  'too-hard',
  'guessing',
  'collapsing-diversity',
  'copying-references',
  'valid-rate-falling',
  'reward-without-held-out',
] as const;
export type MonitorName = (typeof monitorNames)[number];

/**
 * What the engine does about a finding, for a while:
 * - `prefer-harder`, `prefer-easier`: plays the longer, or the shorter, of the programs that it could play;
 * - `avoid-guessable`: plays no task whose output has few possible values while there is another;
 * - `raise-novelty`: proposes about the functions that least was proposed about;
 * - `pause-proposals`: asks for no proposals of the kind;
 * - `stop-pseudo-labels`: asks for no more pseudo-labels with this version of the model;
 * - `stop`: ends the run; only a person starts it again.
 */
export type Action =
  | 'prefer-harder'
  | 'prefer-easier'
  | 'avoid-guessable'
  | 'raise-novelty'
  | 'pause-proposals'
  | 'stop-pseudo-labels'
  | 'stop';

/** That a monitor fired, and on what; or that a canary was solved, or too few labels were right, which is not seen in windows. */
export interface Finding {
  readonly monitor: MonitorName | 'canary-solved' | 'label-accuracy';
  readonly action: Action;
  /** The kind that it is about; null where it is about the whole run. */
  readonly kind: Kind | null;
  /** What was measured in the newest window, with its interval. */
  readonly measured: Share;
  /** What the interval was compared with. */
  readonly threshold: number;
  /** One sentence for a person. */
  readonly detail: string;
}
