import type { PanelAgreement, PanelMember, Vote } from '../../../../protocol/panel.ts';
import { share } from '../../selfplay/interval.ts';

/** Which of two texts a model named, when each of them stood first; null where the answer could not be read. */
export interface Ballot {
  /** Asked with a first. */
  readonly aFirst: Vote | null;
  /** Asked with b first. */
  readonly bFirst: Vote | null;
}

/** A vote counts where both orders give it. */
export function voteOf({ aFirst, bFirst }: Ballot): Vote | null {
  return aFirst === bFirst ? aFirst : null;
}

/** How one model voted: what could be read, how often the order changed its mind, how often it named the first. */
export function positionBias(
  ballots: readonly Ballot[],
): Pick<PanelMember, 'readable' | 'flipped' | 'first'> {
  const readable = ballots.filter(({ aFirst, bFirst }) => aFirst !== null && bFirst !== null);
  const flipped = readable.filter((ballot) => voteOf(ballot) === null);
  const answers = ballots.flatMap(({ aFirst, bFirst }) => [
    ...(aFirst === null ? [] : [aFirst === 'a']),
    ...(bFirst === null ? [] : [bFirst === 'b']),
  ]);
  return {
    readable: share(readable.length, ballots.length),
    flipped: share(flipped.length, readable.length),
    first: share(answers.filter((isFirst) => isFirst).length, answers.length),
  };
}

/** The votes of two models on what both voted on, as −1 and 1. */
function common(
  one: readonly (Vote | null)[],
  other: readonly (Vote | null)[],
): (readonly [number, number])[] {
  const signOf = (vote: Vote) => (vote === 'a' ? 1 : -1);
  return one.flatMap((vote, index) => {
    const its = other[index] ?? null;
    return vote === null || its === null ? [] : [[signOf(vote), signOf(its)] as const];
  });
}

/**
 * Cohen's κ = (p_o − p_e) ÷ (1 − p_e), p_o the share of equal votes and p_e that which two voters with the same habits would have
 * by chance (Cohen, "A coefficient of agreement for nominal scales", 1960). Null without common votes, and where p_e is 1.
 */
export function agreement(
  one: readonly (Vote | null)[],
  other: readonly (Vote | null)[],
): Pick<PanelAgreement, 'agreed' | 'kappa'> {
  const pairs = common(one, other);
  const equal = pairs.filter(([x, y]) => x === y).length;
  const agreed = share(equal, pairs.length);
  if (pairs.length === 0) return { agreed, kappa: null };
  const p = (side: 0 | 1) => pairs.filter((pair) => pair[side] === 1).length / pairs.length;
  const chance = p(0) * p(1) + (1 - p(0)) * (1 - p(1));
  return { agreed, kappa: chance === 1 ? null : (equal / pairs.length - chance) / (1 - chance) };
}

/** Pearson's correlation of two models' votes; null where one of them does not vary. */
export function correlation(one: readonly (Vote | null)[], other: readonly (Vote | null)[]): number | null {
  const pairs = common(one, other);
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const spread = Math.sqrt(sum(([a]) => (a - x) ** 2) * sum(([, b]) => (b - y) ** 2));
  return pairs.length === 0 || spread === 0 ? null : sum(([a, b]) => (a - x) * (b - y)) / spread;
}

/**
 * n_eff = n ÷ (1 + (n − 1) · ρ̄): how many independent votes n correlated ones are worth (Kish, "Survey Sampling", 1965; for panels of
 * models "Nine Judges, Two Effective Votes", arXiv 2605.29800, where nine are worth about two). ρ̄ is the mean correlation of
 * votes; below 0 it counts as 0, since no panel is worth more than its members.
 */
export function effectiveVotes(votes: number, meanCorrelation: number): number {
  return votes / (1 + (votes - 1) * Math.max(0, meanCorrelation));
}
