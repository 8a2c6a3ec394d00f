import type { Attempt, Group, Proposal, ProposeGroup } from '../../../protocol/group.ts';

/** What came of a group of proposals, and the tokens that it cost. */
export function yieldOf({ samples }: ProposeGroup): { asked: number; valid: number; tokens: number } {
  return {
    asked: samples.length,
    valid: samples.filter(({ verdict }) => verdict.verdict === 'valid').length,
    tokens: samples.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
  };
}

/** What was asked of the model for a group: its samples, and the programs that were rebuilt from its different messages. */
export function requestsOf({ samples }: Group): number {
  const tried = new Map<string | null, number>();
  for (const { answer, verdict } of samples)
    if (verdict.verdict === 'gained') tried.set(answer, verdict.with.of);
  return samples.length + [...tried.values()].reduce((sum, count) => sum + count, 0);
}

/** Milliseconds that the model spent on a sample, on judging it too. */
export function modelMsOf(sample: Attempt | Proposal): number {
  const judgingMs = 'judgingMs' in sample ? (sample.judgingMs ?? 0) : 0;
  return sample.promptMs + sample.completionMs + judgingMs;
}
