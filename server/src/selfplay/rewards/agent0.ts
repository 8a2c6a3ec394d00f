import type { ProposalVerdict, Reward } from '../../../../protocol/group.ts';
import type { Measured } from './measured.ts';

/** Weights of the curriculum agent's reward. */
export interface Agent0Weights {
  readonly uncertainty: number;
  readonly tool: number;
  readonly repetition: number;
  /** γ: what one tool call counts. */
  readonly perToolCall: number;
  /** C: more calls than this count no more. */
  readonly toolCalls: number;
}

/**
 * λ_tool and C are the paper's. Its γ, λ_unc and λ_rep are not known; these keep the proportions of the released code,
 * min(p̂, 1 − p̂) − repetition + 0.05 · min(calls, 4), at twice its scale: λ_tool · γ = 0.1, λ_rep = 2.
 */
export const agent0Weights: Agent0Weights = {
  uncertainty: 1,
  tool: 0.6,
  repetition: 2,
  perToolCall: 1 / 6,
  toolCalls: 4,
};

/** R_unc = 1 − 2 · |p̂ − 0.5| (Agent0, arXiv 2511.16043, curriculum agent): 1 where half of the attempts agree, 0 where all do. */
export function uncertainty(agreement: number): number {
  return 1 - 2 * Math.abs(agreement - 0.5);
}

/** R_tool = γ · min(N, C) (the same). N is counted in the solver's attempts, as the paper has it; its code counts in the proposal. */
export function toolUse(calls: number, { perToolCall, toolCalls }: Agent0Weights = agent0Weights): number {
  return perToolCall * Math.min(calls, toolCalls);
}

/**
 * Agent0's proposer: R = R_format · max(0, λ_unc · R_unc + λ_tool · R_tool − R_rep), R_format 1 for a valid proposal, else 0.
 * Differs from the paper: repetition is the share of everything known that is alike in structure or behaviour, not the share of
 * the batch that is near by BLEU; gold values come of execution, so R_format also asks for a task that runs and is new. Differs
 * from the code: nothing is negative; p̂ is not set to 0 where the proposer's own answer is another, since it writes none.
 */
export function agent0Proposer(
  verdict: ProposalVerdict,
  measured: Measured | undefined,
  weights: Agent0Weights = agent0Weights,
): Reward {
  if (verdict.verdict !== 'valid' || measured === undefined) return { total: 0, parts: { format: 0 } };
  const { agreement, toolCalls, repetition, solveRate } = measured;
  const parts = {
    format: 1,
    uncertainty: agreement === undefined ? 0 : uncertainty(agreement),
    tool: toolUse(toolCalls, weights),
    repetition,
  };
  const total = Math.max(
    0,
    weights.uncertainty * parts.uncertainty +
      weights.tool * parts.tool -
      weights.repetition * parts.repetition,
  );
  const known = {
    ...(agreement === undefined ? {} : { agreement }),
    ...(solveRate === undefined ? {} : { solveRate }),
  };
  return { total, parts: { ...parts, ...known } };
}
