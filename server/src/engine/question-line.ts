import type { Task } from '../../../protocol/task.ts';
import { argumentText } from '../tasks/session.ts';
import { visibleLine } from './visible-text.ts';

/** Longest question in a list, characters. */
const maxLength = 120;

/** A task's question on one line, without its answer. */
export function questionLine(task: Task): string {
  return visibleLine(question(task), maxLength);
}

function question(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return `${task.entry}(${argumentText(task.call)}) → ?`;
    case 'abduction':
      return `${task.entry}(?) → ${task.output}`;
    case 'induction':
      return task.message;
    case 'explain':
      return `What does ${task.entry} do?`;
  }
}
