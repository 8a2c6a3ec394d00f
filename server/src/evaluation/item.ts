import type { LeftOut, LeftOutReason } from '../../../protocol/evaluation.ts';
import type { Relation } from '../../../protocol/judge.ts';
import type { ExecutedTask } from '../../../protocol/task.ts';

/** A task to evaluate models on. Explain is none: what it is worth is another solver's gain. */
export interface EvaluationItem {
  readonly task: ExecutedTask;
  /** The relation by which its author scores answers. */
  readonly relation: Relation;
  /** What its figures are counted under besides its kind. */
  readonly repository: string;
  /** `store`: its gold was verified when it was made; `file`: nothing of it was run yet. */
  readonly from: 'store' | 'file';
}

/** The record of a task that is in no figure. */
export function leftOut(
  { task: { id, kind, unit } }: EvaluationItem,
  reason: LeftOutReason,
  model: string | null,
): LeftOut {
  return { taskId: id, kind, file: unit.file, line: unit.line, symbol: unit.symbol, model, reason };
}
