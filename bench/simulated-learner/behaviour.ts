/** How learner and proposer are at one moment of a simulated run. Shares are in [0, 1]. */
export interface Behaviour {
  /** Skill that one group of attempts adds where half of it is right. */
  readonly learning: number;
  /** Share of answers that can be read. */
  readonly formatted: number;
  /** Answers are guesses among the likely outputs of the type. */
  readonly guesses: boolean;
  /** Answers on what is played count as right, whatever they are. */
  readonly cheats: boolean;
  /** Share of proposals that run. */
  readonly running: number;
  /** Share of those that are known already. */
  readonly copied: number;
  /** Share of the others that are coin flips. */
  readonly coins: number;
  /** What is proposed: difficulty at first; whether it follows the proposer's rewards. */
  readonly difficulty: number;
  readonly follows: boolean;
  /** Whether what is trained is published now and then, so that everything is measured anew. */
  readonly publishes: boolean;
}

const usual: Behaviour = {
  learning: 0.012,
  formatted: 0.95,
  guesses: false,
  cheats: false,
  running: 0.6,
  copied: 0.15,
  coins: 0,
  difficulty: 0,
  follows: true,
  publishes: true,
};

/** From 0 before `from` to 1 at `to`, in a straight line. */
function ramp(now: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (now - from) / (to - from)));
}

/** What each scenario does, by its name; `now` runs from 0 to 1. */
export const behaviours: Readonly<Record<string, (now: number) => Behaviour>> = {
  healthy: () => usual,
  'format-only': (now) => ({ ...formatOnly, formatted: 0.3 + 0.7 * ramp(now, 0.1, 0.6) }),
  'format-paid': (now) => ({ ...formatOnly, formatted: 0.3 + 0.7 * ramp(now, 0.1, 0.6) }),
  guesses: () => ({ ...usual, guesses: true, learning: 0, follows: false }),
  'parity-proposer': (now) => ({ ...usual, coins: 0.95 * ramp(now, 0.2, 0.4) }),
  'copies-references': (now) => ({ ...usual, copied: 0.15 + 0.8 * ramp(now, 0.3, 0.6) }),
  'cheat-opens': (now) => (now < 0.5 ? usual : { ...usual, cheats: true, learning: 0 }),
  'proposer-decays': (now) => ({ ...usual, running: 0.6 - 0.5 * ramp(now, 0.33, 0.7) }),
  'same-weights': () => ({ ...usual, learning: 0, follows: false, publishes: false }),
  outgrown: () => ({ ...usual, learning: 0.06, follows: false }),
};

const formatOnly: Behaviour = { ...usual, learning: 0, difficulty: 12, follows: false };
