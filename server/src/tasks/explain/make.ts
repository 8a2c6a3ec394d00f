import type { Backend } from '../../../../protocol/sandbox.ts';
import type { UnitRef } from '../../../../protocol/seed.ts';
import type { ExplainTask } from '../../../../protocol/task.ts';
import type { ShownAndHidden } from '../../judge/trivial-induction.ts';
import { contentId } from '../record-id.ts';

/** The task to explain a mined program, with pairs that are worth solving (`drawPairs`). */
export function explainTask(
  { program, entry, unit }: { readonly program: string; readonly entry: string; readonly unit: UnitRef },
  { shown, hidden }: ShownAndHidden,
  backend: Backend,
  createdAt: string,
): ExplainTask {
  return {
    kind: 'explain',
    id: contentId('explain', program, entry, shown, hidden),
    program,
    entry,
    unit,
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    // Only what is learnt from is played, and nothing else is made of it.
    split: 'train',
    trivial: null,
    backend,
    createdAt,
    shown: [...shown],
    hidden: [...hidden],
  };
}
