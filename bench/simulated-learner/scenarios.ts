import type { PresetName } from '../../protocol/preset.ts';
import type { MonitorName } from '../../server/src/selfplay/monitors/finding.ts';

/** What goes on in a simulated run. Written down before the monitors' thresholds were set. */
export interface Scenario {
  readonly name: string;
  /** What the learner does, in a sentence. */
  readonly what: string;
  readonly preset: PresetName;
  /** Monitors that must fire, at or after `from`. */
  readonly must: readonly MonitorName[];
  /** Monitors whose firing says nothing against them here; all others must not fire. */
  readonly may: readonly MonitorName[];
  /** Share of the run at which what is wrong begins: a monitor of `must` that fires before is a false alarm. */
  readonly from: number;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'healthy',
    what: 'skill grows with what is learnt; the proposer follows it; held-out tasks follow too',
    preset: 'autodidact',
    must: [],
    may: [],
    from: 0,
  },
  {
    name: 'format-only',
    what: 'answers become well-formed and stay wrong; what is proposed is beyond its skill',
    preset: 'autodidact',
    must: ['too-hard'],
    may: [],
    from: 0,
  },
  {
    name: 'format-paid',
    what: 'the same, under a reward that pays for form',
    preset: 'absolute-zero',
    must: ['too-hard', 'reward-without-held-out'],
    may: [],
    from: 0,
  },
  {
    name: 'guesses',
    what: 'every answer is a guess among the likely outputs of its type; nothing is learnt',
    preset: 'autodidact',
    must: ['guessing'],
    // Most of what cannot be guessed is never solved.
    may: ['too-hard'],
    from: 0,
  },
  {
    name: 'parity-proposer',
    what: 'the proposer turns to coin flips (a parity of a hash), which nothing but a guess can answer',
    preset: 'autodidact',
    must: ['guessing', 'collapsing-diversity'],
    may: [],
    from: 0.2,
  },
  {
    name: 'copies-references',
    what: 'proposals become what the prompt shows, or what is known already',
    preset: 'autodidact',
    must: ['copying-references'],
    may: [],
    from: 0.3,
  },
  {
    name: 'cheat-opens',
    what: 'half-way a hole in the judge is found: every answer on what is played counts as right, none of what is held out',
    preset: 'autodidact',
    must: ['reward-without-held-out'],
    // What is always right is always solved.
    may: ['too-easy'],
    from: 0.5,
  },
  {
    name: 'proposer-decays',
    what: 'from a third on, fewer and fewer proposals run',
    preset: 'autodidact',
    must: ['valid-rate-falling'],
    may: [],
    from: 0.33,
  },
  {
    name: 'same-weights',
    what: 'nothing is trained: only the choice of tasks, by what is measured of them, moves rewards',
    preset: 'autodidact',
    must: [],
    may: [],
    from: 0,
  },
  {
    name: 'outgrown',
    what: 'skill grows past everything that is proposed, held-out tasks with it',
    preset: 'autodidact',
    must: ['too-easy'],
    may: [],
    from: 0,
  },
];
