import { agent0Proposer } from '../rewards/agent0.ts';
import { autodidactSolver } from '../rewards/autodidact.ts';
import type { Preset } from './preset.ts';

/**
 * Agent0 (arXiv 2511.16043): uncertainty, tool use and repetition; ADPO; 10 attempts to measure p̂, 4 proposals to a prompt.
 * Differs: one model plays both roles (the paper trains two); labels come of execution, so a right answer is what the program gives
 * and not what most attempts say, and ADPO's scaling by p̂ has a majority label to act on only where there is no program to run;
 * tasks outside the band |p̂ − 0.5| ≤ 0.25 are not filtered out; proposals have a reference of the workspace, where the paper's have
 * none; a deduction is solved without the tool, which would be its answer, so that its tool term is 0; answers of the tool are cut at
 * 300 characters and 0.5 s (the paper's code: 10 s), and earlier pieces run anew before each.
 */
export const agent0: Preset = {
  name: 'agent0',
  about: 'Agent0 (arXiv 2511.16043): uncertainty, tool use and repetition, ADPO',
  estimator: 'adpo',
  groupSize: { propose: 4, solve: 10 },
  forms: ['program', 'message'],
  references: 1,
  limitsFewValued: false,
  retires: false,
  curriculum: false,
  tools: true,
  novelty: true,
  solverRange: [0, 1],
  proposer: (verdict, measured) => agent0Proposer(verdict, measured),
  solver: (verdict, agreement) => {
    const { total, parts } = autodidactSolver(verdict);
    return { total, parts: { ...parts, agreement } };
  },
};
