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
  if (task.kind === 'deduction') return `${task.entry}(${argumentText(task.call)}) → ?`;
  if (task.kind === 'abduction') return `${task.entry}(?) → ${task.output}`;
  return task.message;
}
