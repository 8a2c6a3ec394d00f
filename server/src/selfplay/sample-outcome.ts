import type { Attempt, Proposal } from '../../../protocol/group.ts';
import { isRight } from '../../../protocol/judge.ts';

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
