import type { Task } from '../../../../protocol/task.ts';
import { readOutput } from '../../values/literal-reader.ts';

/**
 * The type of a task's output, as far as guessing is concerned: the name of its Python type, `digit` for one of 0 to 9, `raise`
 * for an exception. A task with pairs has that of all its hidden outputs, `mixed` where they differ.
 */
export function outputType(task: Task): string {
  if (!('hidden' in task)) return typeOf(task.output);
  const [first = 'mixed', ...others] = new Set(task.hidden.map(([, output]) => typeOf(output)));
  return others.length === 0 ? first : 'mixed';
}

/** What is to be found or given, as one text: equal for tasks with the same outputs. */
export function outputText(task: Task): string {
  return 'hidden' in task ? JSON.stringify(task.hidden.map(([, output]) => output)) : task.output;
}

/** Types with ten values at most, whatever is in use. */
export const smallTypes: ReadonlySet<string> = new Set(['bool', 'none', 'digit']);

function typeOf(text: string): string {
  const read = readOutput(text);
  if (!read.ok) return 'mixed';
  if (read.value.type === 'raise') return 'raise';
  const { value } = read.value;
  if (value.type === 'int') return value.value >= 0n && value.value <= 9n ? 'digit' : 'int';
  return value.type;
}
