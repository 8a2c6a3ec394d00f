import type { Pair } from '../../../../protocol/task.ts';
import type { InductionQuestion, KindSpec } from '../kind-spec.ts';
import { callForm } from '../proposals/call-form.ts';
import { messageForm } from '../proposals/message-form.ts';
import { argumentText, continuedFunction, functionEnds, sessionSource } from '../session.ts';
import { workedExamples } from '../worked-examples.ts';
import { minPairs } from './rules.ts';

/**
 * Induction: write the program from a message and the shown pairs. A program with too few verified pairs is first given
 * more calls, one at a time; a message for it is asked for once it has enough.
 */
export const induction: KindSpec<InductionQuestion> = {
  kind: 'induction',
  promptVersion: 'induction-1',
  forms: [
    { ...messageForm, share: 0.5 },
    { ...callForm, share: 0.5, maxPairs: minPairs - 1 },
  ],
  ask: (task) => {
    const examples = workedExamples.map(
      ({ program, entry, message, pairs }) => question(entry, message, pairs) + sessionSource(program),
    );
    return {
      prompt: `${examples.join('')}${question(task.entry, task.message, task.shown)}>>> def ${task.entry}(`,
      ends: functionEnds,
      numPredict: 128,
    };
  },
  read: (text, finish, task) => {
    // Where the model itself ended, its last line is complete though no newline follows.
    const written = `${task.entry}(${text}${finish === 'end' ? '\n\n' : ''}`;
    return continuedFunction(written)?.source ?? null;
  },
};

function question(entry: string, message: string, pairs: readonly Pair[]): string {
  const lines = pairs.map(([call, output]) => `>>> # ${entry}(${argumentText(call)}) gives ${output}\n`);
  return `>>> # ${message}\n${lines.join('')}`;
}
