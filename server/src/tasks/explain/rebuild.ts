import type { ExplainTask, InductionTask } from '../../../../protocol/task.ts';
import { askForProgram } from '../induction/kind.ts';
import { messageLength } from '../induction/rules.ts';
import type { Question } from '../kind-spec.ts';
import { leaks } from '../message-leaks.ts';

/** Why a message is no explanation of a task's program; null where it may be one. What it is worth, rebuilding tells. */
export function messageFault(message: string, task: ExplainTask): 'malformed' | 'leaks' | null {
  const { length } = message;
  if (length < messageLength.min || length > messageLength.max || /[\r\n]/.test(message)) return 'malformed';
  return leaks(message, task, [...task.shown, ...task.hidden]) ? 'leaks' : null;
}

/** Asks a solver, who does not see the program, for one that does the same: from a message, or for comparison without one. */
export function rebuildQuestion({ entry, shown }: ExplainTask, message: string | null): Question {
  return askForProgram(entry, shown, message);
}

/** The induction that a message makes of a task, by which rebuilt programs are read and judged. */
export function rebuildTask({ kind: _kind, ...task }: ExplainTask, message: string | null): InductionTask {
  return { ...task, kind: 'induction', message: message ?? '' };
}
