import type { AuditLine } from '../../../protocol/audit.ts';
import {
  type Attempt,
  type Group,
  type Proposal,
  type SolveGroup,
  toolCalls,
} from '../../../protocol/group.ts';
import { type Cell, cells, Kind } from '../../../protocol/kind.ts';
import type { PseudoLabel } from '../../../protocol/pseudo-label.ts';
import type { CellReport, Report } from '../../../protocol/report.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Task } from '../../../protocol/task.ts';
import type { UnworthyCounts } from '../tasks/worth.ts';
import { modelMsOf } from './group-yield.ts';
import { heldOutReport } from './held-out/held-out-answers.ts';
import { share } from './interval.ts';
import { pseudoReport } from './pseudo-labels/label-accuracy.ts';
import { learnability } from './rewards/learnability.ts';
import { solveRate } from './rewards/solve-rate.ts';
import { isSuccess, outcomesOf } from './sample-outcome.ts';
import { spans } from './spans.ts';

/** Records of a run: its groups, the tasks that were solved in them, and the lines of the audit log that name it. */
export interface RunRecords {
  readonly groups: readonly Group[];
  readonly tasks: readonly Task[];
  readonly log: readonly AuditLine[];
}

/** What a store holds besides. `tasks`: open ones. */
export interface AboutStore {
  readonly store: string;
  readonly seeds: number;
  readonly tasks: number;
  readonly unworthy: UnworthyCounts;
  readonly pseudoLabels?: readonly PseudoLabel[];
}

/** What a run did, from its records alone. */
export function report(run: Run, { groups, tasks, log }: RunRecords, about: AboutStore): Report {
  const modelMs = sum(groups.flatMap(({ samples }) => samples.map(modelMsOf)));
  return {
    schema: 1,
    runId: run.id,
    folder: run.folder,
    store: about.store,
    model: run.model,
    backend: run.backend,
    startedAt: run.startedAt,
    state: run.state,
    reason: run.reason,
    playedMs: run.playedMs,
    modelBusy: run.playedMs === 0 ? 0 : Math.min(1, modelMs / run.playedMs),
    seeds: about.seeds,
    tasks: about.tasks,
    unworthy: about.unworthy,
    cells: cells.map((cell) => cellReport(cell, groups, tasks)),
    pseudoLabels: pseudoReport(about.pseudoLabels ?? []),
    heldOut: heldOutReport(log),
    spans: spans(run, groups, log),
    examples: examples(groups, tasks),
  };
}

function cellReport(cell: Cell, groups: readonly Group[], tasks: readonly Task[]): CellReport {
  const { groups: mine, samples, counted } = outcomesOf(cell, groups);
  const rates =
    cell.role === 'solve'
      ? mine.flatMap((group) => (group.role === 'solve' ? (rateOf(group) ?? []) : []))
      : samples.flatMap(({ reward }) => reward.parts['solveRate'] ?? []);
  const completionMs = sum(samples.map((sample) => sample.completionMs));
  const tokensOut = sum(samples.map(({ completionTokens }) => completionTokens));
  return {
    ...cell,
    ...counted,
    succeededHard: cell.role === 'solve' ? hardPart(mine, tasks) : null,
    reasons: reasons(samples),
    solveRate: mean(rates),
    learnability: mean(
      cell.role === 'solve'
        ? rates.map(learnability)
        : samples.flatMap(({ reward }) => reward.parts['learnability'] ?? []),
    ),
    meanReward: mean(samples.map(({ reward }) => reward.total)),
    tool: toolReport(samples),
    tokensIn: sum(samples.map(promptTokensOf)),
    tokensOut,
    tokensPerSecond: completionMs === 0 ? null : (1000 * tokensOut) / completionMs,
  };
}

/** Tokens that stood before those of a sample, each turn's of them: the model has them in its cache, as it has those of siblings. */
function promptTokensOf(sample: Attempt | Proposal): number {
  const turns = 'tool' in sample ? (sample.tool ?? []) : [];
  return sample.promptTokens + sum(turns.map(({ promptTokens }) => promptTokens));
}

function toolReport(samples: readonly (Attempt | Proposal)[]): CellReport['tool'] {
  const calls = samples.flatMap((sample) =>
    'tool' in sample && sample.tool !== undefined ? toolCalls(sample) : [],
  );
  if (calls.length === 0) return null;
  return { calls: sum(calls), used: share(calls.filter((count) => count > 0).length, calls.length) };
}

function hardPart(groups: readonly Group[], tasks: readonly Task[]): CellReport['succeededHard'] {
  const hard = new Set(tasks.filter(({ trivial }) => trivial === null).map(({ id }) => id));
  const samples = groups.flatMap((group) =>
    group.role === 'solve' && hard.has(group.taskId) ? group.samples : [],
  );
  return share(samples.filter(isSuccess).length, samples.length);
}

function reasons(samples: readonly (Attempt | Proposal)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of samples) {
    if (!('reason' in verdict)) continue;
    const name =
      verdict.verdict === 'wrong' || verdict.verdict === 'invalid'
        ? verdict.reason
        : `${verdict.verdict} (${verdict.reason})`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a));
}

/** One task of each kind: before all one that the model got, but not always, and that no trick gets; then a short one. */
function examples(groups: readonly Group[], tasks: readonly Task[]): Report['examples'] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const played = groups.flatMap((group) => {
    const task = group.role === 'solve' ? byId.get(group.taskId) : undefined;
    if (group.role !== 'solve' || task === undefined) return [];
    const right = group.samples.filter(isSuccess).length;
    const got = [...new Set(group.samples.flatMap(({ answer }) => answer ?? []))].slice(0, 4);
    return [{ task, attempts: group.samples.length, right, got }];
  });
  const interest = ({ task, right, attempts }: (typeof played)[number]) =>
    (task.trivial === null ? 2 : 0) +
    (right > 0 ? 4 : 0) +
    (right < attempts ? 1 : 0) +
    (isShort(task) ? 1 : 0);
  const best = played.sort((a, b) => interest(b) - interest(a));
  return Kind.options.flatMap((kind) => best.find(({ task }) => task.kind === kind) ?? []);
}

/** What fits on a screen with two others. */
function isShort({ program }: Task): boolean {
  return program.split('\n').length <= 20;
}

function rateOf(group: SolveGroup): number | undefined {
  return solveRate(group.samples.map(({ verdict }) => verdict));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : sum(numbers) / numbers.length;
}
