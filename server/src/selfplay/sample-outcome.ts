import type { Attempt, Group, Proposal } from '../../../protocol/group.ts';
import { isRight } from '../../../protocol/judge.ts';
import type { Cell } from '../../../protocol/kind.ts';
import type { CellReport } from '../../../protocol/report.ts';
import { share } from './interval.ts';

/** A text that could be read as what was asked for, whatever it is worth. */
export function isWellFormed({ verdict }: Pick<Attempt | Proposal, 'verdict'>): boolean {
  if (verdict.verdict !== 'wrong' && verdict.verdict !== 'invalid') return true;
  return verdict.reason !== 'malformed' && verdict.reason !== 'cut';
}

/** Whether a proposal became a task, or an attempt was right. */
export function isSuccess({ verdict }: Pick<Attempt | Proposal, 'verdict'>): boolean {
  switch (verdict.verdict) {
    case 'valid':
      return true;
    case 'invalid':
    case 'not-new':
    case 'trivial':
    case 'not-worth':
      return false;
    default:
      return isRight(verdict);
  }
}

/** The groups of a cell with their samples, and how many of these could be read and succeeded. */
export function outcomesOf(cell: Cell, groups: readonly Group[]) {
  const its = groups.filter(({ kind, role }) => kind === cell.kind && role === cell.role);
  const samples = its.flatMap((group): (Attempt | Proposal)[] => group.samples);
  const counted: Pick<CellReport, 'asked' | 'wellFormed' | 'succeeded'> = {
    asked: samples.length,
    wellFormed: share(samples.filter(isWellFormed).length, samples.length),
    succeeded: share(samples.filter(isSuccess).length, samples.length),
  };
  return { groups: its, samples, counted };
}
