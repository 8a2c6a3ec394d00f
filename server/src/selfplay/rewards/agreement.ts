import type { Attempt } from '../../../../protocol/group.ts';

/**
 * p̂ of Agent0 (arXiv 2511.16043): the share of a group's attempts that give its commonest answer; undefined of none. All right
 * answers are one, whatever their text: what is the same is told by execution. A text without an answer agrees with no other.
 */
export function agreement(samples: readonly Pick<Attempt, 'answer' | 'verdict'>[]): number | undefined {
  if (samples.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { answer, verdict } of samples) {
    const key = verdict.verdict === 'right' ? 'right' : answer === null ? undefined : `answer ${answer}`;
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(1, ...counts.values()) / samples.length;
}
